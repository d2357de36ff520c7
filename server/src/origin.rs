//! Which pages may talk to this server.
//!
//! A browser sends its cookies along with requests that any page makes, and lets any page open a WebSocket anywhere.
//! The `Origin` header, which a page cannot forge, tells them apart (RFC 6454, section 7).

use std::str::FromStr;

use axum::http::{HeaderMap, Uri, header};

/// An origin whose pages may talk to this server: scheme, host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedOrigin(String);

impl FromStr for AllowedOrigin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "an origin is a scheme and a host, such as https://chat.example.org";
        let text = text.trim();
        let uri: Uri = text.parse().map_err(|_| WRONG)?;
        let (Some("http" | "https"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(WRONG);
        };
        let bare = format!("{}://{authority}", uri.scheme_str().unwrap_or_default());
        if authority.as_str().contains('@') || !text.eq_ignore_ascii_case(&bare) {
            return Err(WRONG);
        }
        Ok(Self(bare.to_ascii_lowercase()))
    }
}

/// Whether a request comes from a page that may talk to this server, or from no page at all: a program that is no
/// browser sends no `Origin`, and has nobody else's cookies.
#[must_use]
pub fn is_allowed(headers: &HeaderMap, uri: &Uri, allowed: &[AllowedOrigin]) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = origins.next() else { return true };
    let (Ok(origin), None) = (origin.to_str(), origins.next()) else { return false };
    let origin = origin.to_ascii_lowercase();
    let own_host =
        headers.get(header::HOST).and_then(|host| host.to_str().ok()).or(uri.authority().map(|a| a.as_str()));
    let is_own = match (origin.split_once("://"), own_host) {
        (Some((_, host)), Some(own)) => host.eq_ignore_ascii_case(own),
        _ => false,
    };
    is_own || allowed.iter().any(|allowed| allowed.0 == origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(origin: Option<&str>, list: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "chat.example:3000".parse().expect("a header"));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().expect("a header"));
        }
        let list: Vec<AllowedOrigin> = list.iter().map(|origin| origin.parse().expect("an origin")).collect();
        is_allowed(&headers, &Uri::from_static("/join"), &list)
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
    fn a_list_holds_origins_only() {
        for wrong in ["", "*", "null", "friend.example", "https://friend.example/", "https://a@b", "ftp://a"] {
            assert!(wrong.parse::<AllowedOrigin>().is_err(), "{wrong:?}");
        }
    }
}
