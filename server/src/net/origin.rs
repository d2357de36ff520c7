//! Allowed origins: which pages may connect to this server.
//!
//! A browser sends its cookies along with requests that any page makes, and lets any page open a WebSocket anywhere.
//! The `Origin` header, which a page cannot forge, tells them apart (RFC 6454, section 7).

use std::{fmt, str::FromStr};

use axum::http::{
    HeaderMap, Uri, header,
    uri::{Authority, Scheme},
};

pub mod host;

/// The longest name of a host, in bytes (RFC 1035, section 2.3.4).
pub(crate) const HOST_BYTES: usize = 255;
/// The longest origin, in bytes: scheme, host and port. It is logged.
const ORIGIN_BYTES: usize = HOST_BYTES + "https://:65535".len();

/// An origin whose pages may talk to this server: scheme, host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedOrigin {
    scheme: Scheme,
    /// Without the port that the scheme has anyway, as browsers write it.
    authority: Authority,
}

impl AllowedOrigin {
    pub(self) fn authority(&self) -> &Authority {
        &self.authority
    }
}

impl fmt::Display for AllowedOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

impl FromStr for AllowedOrigin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "an origin is a scheme and a host in ASCII, such as https://chat.example.org";
        if text.len() > ORIGIN_BYTES {
            return Err(WRONG);
        }
        let text = text.trim().to_ascii_lowercase();
        let uri: Uri = text.parse().map_err(|_| WRONG)?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else { return Err(WRONG) };
        let usual = match scheme.as_str() {
            "http" => ":80",
            "https" => ":443",
            _ => return Err(WRONG),
        };
        let is_whole = text == format!("{scheme}://{authority}");
        if !is_whole || authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(WRONG);
        }
        let bare = authority.as_str().strip_suffix(usual).unwrap_or(authority.as_str());
        Ok(Self { scheme: scheme.clone(), authority: bare.parse().map_err(|_| WRONG)? })
    }
}

/// Why a request may not be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// It comes from a page of this very host, as far as its name goes, at another port: a proxy in between does not
    /// pass on at which port it was asked, or the page is another server's.
    OtherPort { origin: AllowedOrigin, host: String },
    /// It comes from a page of another host.
    Page(AllowedOrigin),
    /// It comes from no page that can be named: one without an origin of its own, or from a file.
    Nameless,
}

/// Whether a request comes from a page that may talk to this server, or from no page at all: a program that is no
/// browser sends no `Origin`, and has nobody else's cookies.
///
/// # Errors
/// [`Foreign`]: it may not.
pub fn check<'a>(
    headers: &HeaderMap,
    uri: &Uri,
    mut allowed: impl Iterator<Item = &'a AllowedOrigin>,
) -> Result<(), Foreign> {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = origins.next() else { return Ok(()) };
    let (Ok(text), None) = (origin.to_str(), origins.next()) else { return Err(Foreign::Nameless) };
    let Ok(origin) = text.parse::<AllowedOrigin>() else { return Err(Foreign::Nameless) };
    if allowed.any(|allowed| *allowed == origin) {
        return Ok(());
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).or(uri.authority().map(|a| a.as_str()));
    // The same default port is left out of both, or of neither.
    let own = host.and_then(|host| format!("{}://{host}", origin.scheme).parse::<AllowedOrigin>().ok());
    match own {
        Some(own) if own == origin => Ok(()),
        Some(own) if own.authority.host() == origin.authority.host() => {
            Err(Foreign::OtherPort { host: own.authority.to_string(), origin })
        }
        _ => Err(Foreign::Page(origin)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_no_longer_than_one_can_be() {
        let origin = |bytes| format!("https://{}:65535", "a".repeat(bytes)).parse::<AllowedOrigin>();
        assert!(origin(HOST_BYTES).is_ok() && origin(HOST_BYTES + 1).is_err());
    }

    fn allowed(origin: Option<&str>, list: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "chat.example:3000".parse().expect("a header"));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().expect("a header"));
        }
        let list: Vec<AllowedOrigin> = list.iter().map(|origin| origin.parse().expect("an origin")).collect();
        check(&headers, &Uri::from_static("/join"), list.iter()).is_ok()
    }

    #[test]
    fn own_pages_and_programs_are_allowed() {
        assert!(allowed(None, &[]));
        assert!(allowed(Some("http://chat.example:3000"), &[]));
        assert!(allowed(Some("https://CHAT.example:3000"), &[]));
    }

    #[test]
    fn other_pages_are_not() {
        for other in [
            "null",
            "",
            "http://chat.example",
            "http://chat.example:3001",
            "http://evil.example",
            "chat.example:3000",
        ] {
            assert!(!allowed(Some(other), &["https://friend.example"]), "{other:?}");
        }
        assert!(!allowed(Some("http://chat.example:3000.evil.example"), &[]));
    }

    #[test]
    fn listed_pages_are_allowed() {
        assert!(allowed(Some("https://friend.example"), &["https://Friend.example"]));
        assert!(!allowed(Some("http://friend.example"), &["https://friend.example"]));
    }

    #[test]
    fn a_port_that_goes_without_saying_is_none() {
        assert!(allowed(Some("https://friend.example"), &["https://friend.example:443"]));
        assert!(!allowed(Some("https://friend.example"), &["https://friend.example:80"]));
        assert!(!allowed(Some("http://friend.example:443"), &["https://friend.example"]));
        let headers = |host: &str, origin: &str| {
            HeaderMap::from_iter(
                [(header::HOST, host), (header::ORIGIN, origin)]
                    .map(|(name, value)| (name, value.parse().expect("a header"))),
            )
        };
        let check = |host, origin| check(&headers(host, origin), &Uri::from_static("/"), [].iter());
        assert_eq!(check("chat.example:443", "https://chat.example"), Ok(()));
        assert!(check("chat.example:80", "https://chat.example").is_err());
    }

    #[test]
    fn a_refusal_tells_a_proxy_s_trouble_from_another_page() {
        let refusal = |origin: &str| {
            let headers = [(header::HOST, "chat.example"), (header::ORIGIN, origin)];
            let headers = headers.map(|(name, value)| (name, value.parse().expect("a header")));
            check(&HeaderMap::from_iter(headers), &Uri::from_static("/"), [].iter()).expect_err("foreign")
        };
        let origin = |text: &str| text.parse::<AllowedOrigin>().expect("an origin");
        let other_port =
            Foreign::OtherPort { origin: origin("https://chat.example:8443"), host: "chat.example".into() };
        assert_eq!(refusal("https://Chat.example:8443"), other_port);
        assert_eq!(refusal("https://evil.example"), Foreign::Page(origin("https://evil.example")));
        for nameless in ["null", "", "https://a/<script>", "chat.example"] {
            assert_eq!(refusal(nameless), Foreign::Nameless, "{nameless:?}");
        }
    }

    #[test]
    fn a_list_holds_origins_only() {
        for wrong in ["", "*", "null", "friend.example", "https://friend.example/", "https://a@b", "ftp://a"] {
            assert!(wrong.parse::<AllowedOrigin>().is_err(), "{wrong:?}");
        }
    }
}
