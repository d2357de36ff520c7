//! The server's own host names.
//!
//! A page that a stranger serves may let its own name point to this server a moment later (DNS rebinding). The browser
//! then takes the two for one origin: `Host` and `Origin` agree, the page reads every answer, and it reaches servers in
//! private networks. Only the name itself tells: it is the stranger's, and nobody has told this server that it is its own.

use std::{net::IpAddr, str::FromStr};

use axum::http::{HeaderMap, Uri, header, uri::Authority};

use super::AllowedOrigin;

/// An address by which people reach this server: its pages are this server's own, and its name is one of its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(AllowedOrigin);

impl PublicUrl {
    /// The origin of its pages.
    #[must_use]
    pub fn origin(&self) -> &AllowedOrigin {
        &self.0
    }

    fn name(&self) -> &str {
        name(self.0.authority())
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        text.strip_suffix('/').unwrap_or(text).parse().map(Self)
    }
}

/// For whom a request is, by its `Host` and, where it has one, the authority of its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// This server, or nobody in particular: a browser always says whom it means.
    Own,
    /// A name that is not this server's. It consists of what may stand in a host and a port.
    Foreign(String),
    /// What is no host.
    Malformed,
}

impl Target {
    /// For whom a request with these headers and this address is.
    #[must_use]
    pub fn of(headers: &HeaderMap, uri: &Uri, public: &[PublicUrl]) -> Self {
        let hosts = headers.get_all(header::HOST).iter().map(|host| host.to_str().ok());
        for host in hosts.chain(uri.authority().map(|authority| Some(authority.as_str()))) {
            let Some(authority) = host.and_then(|host| host.parse::<Authority>().ok()) else {
                return Self::Malformed;
            };
            if authority.as_str().contains('@') {
                return Self::Malformed;
            }
            if !is_own(name(&authority), public) {
                return Self::Foreign(authority.as_str().to_ascii_lowercase());
            }
        }
        Self::Own
    }
}

/// The host of an authority, without the dot that may stand after a full name.
fn name(authority: &Authority) -> &str {
    authority.host().trim_end_matches('.')
}

/// An address in numbers is nobody's name, so no other page can have it. `localhost` is known to every browser and is
/// asked of no name server (RFC 6761, section 6.3).
fn is_own(name: &str, public: &[PublicUrl]) -> bool {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    let last_label = name.rsplit('.').next().unwrap_or(name);
    bare.parse::<IpAddr>().is_ok()
        || last_label.eq_ignore_ascii_case("localhost")
        || public.iter().any(|public| public.name().eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(hosts: &[&str], uri: &'static str) -> Target {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, host.parse().expect("a header"));
        }
        let public =
            ["https://chat.example.org".parse().expect("an address"), "http://Box.local:3000/".parse().expect("one")];
        Target::of(&headers, &Uri::from_static(uri), &public)
    }

    #[test]
    fn numbers_localhost_and_public_names_are_own() {
        for own in [
            "127.0.0.1:3000",
            "192.168.1.5",
            "[::1]:3000",
            "[2001:db8::1]",
            "localhost",
            "LOCALHOST:1",
            "localhost.",
            "my.localhost:3000",
            "chat.example.org",
            "CHAT.example.org.:8443",
            "box.local",
        ] {
            assert_eq!(target(&[own], "/join"), Target::Own, "{own}");
        }
        assert_eq!(target(&[], "/join"), Target::Own, "no browser");
    }

    #[test]
    fn all_other_names_are_foreign() {
        for foreign in [
            "evil.example",
            "evil.example:3000",
            "chat.example.org.evil.example",
            "xchat.example.org",
            "example.org",
            "localhost.evil.example",
            "notlocalhost",
            "127.0.0.1.evil.example",
            "other.local",
            "box",
        ] {
            assert_eq!(target(&[foreign], "/join"), Target::Foreign(foreign.to_owned()), "{foreign}");
        }
    }

    #[test]
    fn every_word_about_the_target_counts() {
        let foreign = Target::Foreign("evil.example".to_owned());
        assert_eq!(target(&["localhost", "evil.example"], "/"), foreign);
        assert_eq!(target(&["localhost"], "http://evil.example/"), foreign);
        assert_eq!(target(&["localhost"], "http://localhost/"), Target::Own);
    }

    #[test]
    fn what_is_no_host_is_malformed() {
        for wrong in ["", "a b", "localhost/", "user@localhost", "http://localhost", "lo<script>"] {
            assert_eq!(target(&[wrong], "/"), Target::Malformed, "{wrong:?}");
        }
    }

    #[test]
    fn a_public_address_has_no_path() {
        for wrong in
            ["", "chat.example.org", "https://chat.example.org/chat", "https://chat.example.org//", "ftp://a"]
        {
            assert!(wrong.parse::<PublicUrl>().is_err(), "{wrong:?}");
        }
    }
}
