//! Client addresses, and the networks that they belong to.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr, SocketAddr},
};

use axum::http::HeaderMap;

/// The other end of the connection on which a request came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// An address as it is counted: of IPv6 the first half, for the second is free to whoever has the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Address(IpAddr);

/// A network as it is counted: of IPv6 the first 48 bits, the most that one site is commonly given (RFC 6177). Whoever has
/// one has 65,536 addresses as they are counted here. Of IPv4 it is the address itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Network(IpAddr);

impl Network {
    /// As much as so many of its addresses may, all of them may together.
    pub(super) const ADDRESSES: usize = 4;

    /// Whether an address is one of its own.
    pub(super) fn has(self, address: Option<Address>) -> bool {
        address.map(Address::network) == Some(self)
    }
}

/// Where a proxy says for whom it asks.
const FORWARDED: &str = "x-forwarded-for";

impl Address {
    pub(crate) fn of(ip: IpAddr) -> Self {
        Self(match ip.to_canonical() {
            IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX))),
            v4 => v4,
        })
    }

    /// The network that it is in.
    pub(crate) fn network(self) -> Network {
        Network(match self.0 {
            IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 80 << 80)),
            v4 => v4,
        })
    }

    /// The network that is counted besides the address: none where it has but that one.
    pub(super) fn wider(self) -> Option<Network> {
        self.0.is_ipv6().then(|| self.network())
    }

    /// The address of a connection's other end, unless that is a proxy, which stands for many.
    pub(crate) fn of_connection(peer: IpAddr, proxies: &[IpAddr]) -> Option<Self> {
        (!is_proxy(peer, proxies)).then(|| Self::of(peer))
    }

    /// For whom a request is: `peer` itself, or the one of whom the proxy says so. Each proxy adds at the end whom it
    /// heard, so what stands before the last address that is no proxy's may be anyone's invention.
    pub(crate) fn of_request(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> Self {
        if !is_proxy(peer, proxies) {
            return Self::of(peer);
        }
        let lists = headers.get_all(FORWARDED).iter().rev().filter_map(|list| list.to_str().ok());
        let heard = lists.flat_map(|list| list.rsplit(',')).map_while(|entry| parse(entry.trim()));
        heard.into_iter().find(|ip| !is_proxy(*ip, proxies)).map_or(Self::of(peer), Self::of)
    }
}

/// As it stands in the log.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(ip) => write!(f, "{ip}"),
            IpAddr::V6(ip) => write!(f, "{ip}/64"),
        }
    }
}

fn is_proxy(ip: IpAddr, proxies: &[IpAddr]) -> bool {
    proxies.iter().any(|proxy| proxy.to_canonical() == ip.to_canonical())
}

/// An address with or without a port.
fn parse(entry: &str) -> Option<IpAddr> {
    let ip = entry.trim_start_matches('[').trim_end_matches(']');
    ip.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn seen(peer: &str, forwarded: &[&str], proxies: &[&str]) -> Address {
        let mut headers = HeaderMap::new();
        for list in forwarded {
            headers.append(FORWARDED, list.parse().expect("a header"));
        }
        let proxies: Vec<IpAddr> = proxies.iter().map(|proxy| ip(proxy)).collect();
        Address::of_request(ip(peer), &headers, &proxies)
    }

    #[test]
    fn who_is_no_proxy_speaks_for_itself_whatever_it_says() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], &[]), Address::of(ip("203.0.113.9")));
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], &["127.0.0.1"]), Address::of(ip("203.0.113.9")));
    }

    #[test]
    fn a_proxy_s_own_word_counts_and_what_it_was_told_does_not() {
        let client = Address::of(ip("198.51.100.1"));
        for forwarded in [
            &["198.51.100.1"][..],
            &["10.9.9.9, 198.51.100.1"],
            &["10.9.9.9", "198.51.100.1"],
            &["10.9.9.9, 198.51.100.1:4711"],
            &["198.51.100.1, 10.0.0.2"],
            &["nonsense, 198.51.100.1 , 10.0.0.2"],
        ] {
            assert_eq!(seen("127.0.0.1", forwarded, &["127.0.0.1", "10.0.0.2"]), client, "{forwarded:?}");
        }
    }

    #[test]
    fn a_proxy_that_says_nothing_readable_speaks_for_itself() {
        for forwarded in [&[][..], &["nonsense"], &["198.51.100.1, unknown"], &[""]] {
            assert_eq!(seen("127.0.0.1", forwarded, &["127.0.0.1"]), Address::of(ip("127.0.0.1")), "{forwarded:?}");
        }
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        assert_eq!(Address::of(ip("2001:db8:1:2::1")), Address::of(ip("2001:db8:1:2:ffff::")));
        assert_ne!(Address::of(ip("2001:db8:1:2::1")), Address::of(ip("2001:db8:1:3::1")));
        assert_eq!(Address::of(ip("::ffff:192.0.2.1")), Address::of(ip("192.0.2.1")));
    }

    #[test]
    fn a_site_is_one_network() {
        let network = |text| Address::of(ip(text)).network();
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:ffff::1"));
        assert_ne!(network("2001:db8:1::1"), network("2001:db8:2::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }

    #[test]
    fn the_log_has_what_is_counted() {
        assert_eq!(Address::of(ip("::ffff:192.0.2.1")).to_string(), "192.0.2.1");
        assert_eq!(Address::of(ip("2001:db8:1:2::1")).to_string(), "2001:db8:1:2::/64");
    }

    #[test]
    fn connections_of_a_proxy_are_not_counted_against_it() {
        assert_eq!(Address::of_connection(ip("127.0.0.1"), &[ip("127.0.0.1")]), None);
        assert_eq!(Address::of_connection(ip("127.0.0.1"), &[]), Some(Address::of(ip("127.0.0.1"))));
    }
}
