//! Fairness: who holds how much, by address and by network, and who is next to give way.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
};

use super::{Address, address::Network, places::Full};

/// How much there is, and how much of it one may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) all: usize,
    pub(super) address: usize,
}

impl Bounds {
    /// How much the addresses of one network may hold together.
    fn network(self) -> usize {
        self.address.saturating_mul(Network::ADDRESSES)
    }
}

/// Who holds how much. Of an address that nobody knows, a proxy's, only the sum is kept.
#[derive(Default)]
pub(super) struct Crowd {
    all: usize,
    addresses: HashMap<Address, usize>,
    networks: HashMap<Network, usize>,
}

impl Crowd {
    /// How much all hold together.
    pub(super) fn all(&self) -> usize {
        self.all
    }

    /// Whether `address` may hold `count` more.
    ///
    /// # Errors
    /// [`Full`]: the narrowest bound that it would exceed.
    pub(super) fn may_take(&self, address: Option<Address>, count: usize, bounds: Bounds) -> Result<(), Full> {
        let fits = |held: usize, most: usize| held.checked_add(count).is_some_and(|sum| sum <= most);
        if let Some(address) = address {
            let of_address = self.addresses.get(&address).copied().unwrap_or_default();
            let of_network = self.networks.get(&address.network()).copied().unwrap_or_default();
            if !fits(of_address, bounds.address) {
                return Err(Full::One);
            }
            if !fits(of_network, bounds.network()) {
                return Err(Full::Network);
            }
        }
        if fits(self.all, bounds.all) { Ok(()) } else { Err(Full::All) }
    }

    /// Counts what `address` takes.
    pub(super) fn take(&mut self, address: Option<Address>, count: usize) {
        self.all += count;
        if let Some(address) = address {
            *self.addresses.entry(address).or_default() += count;
            *self.networks.entry(address.network()).or_default() += count;
        }
    }

    /// Gives back `count`, which were taken for `address`.
    pub(super) fn give_back(&mut self, address: Option<Address>, count: usize) {
        self.all -= count;
        if let Some(address) = address {
            subtract(&mut self.addresses, address, count);
            subtract(&mut self.networks, address.network(), count);
        }
    }

    /// The network that holds most, if it holds more than the one of `address` would with `count` more: when all is
    /// taken, it gives way. So however many places somebody fills, whoever holds fewer still gets one.
    pub(super) fn fullest_beyond(&self, address: Option<Address>, count: usize) -> Option<Network> {
        let own = address.map(Address::network);
        let held = own.and_then(|own| self.networks.get(&own)).copied().unwrap_or_default();
        let (network, most) = self.networks.iter().max_by_key(|(_, held)| **held)?;
        (Some(*network) != own && *most > held.saturating_add(count)).then_some(*network)
    }

    /// Whether nothing is kept of anyone.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.all == 0 && self.addresses.is_empty() && self.networks.is_empty()
    }
}

fn subtract<K: Hash + Eq>(held: &mut HashMap<K, usize>, key: K, count: usize) {
    if let Entry::Occupied(mut entry) = held.entry(key) {
        *entry.get_mut() -= count;
        if *entry.get() == 0 {
            entry.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    const BOUNDS: Bounds = Bounds { all: 20, address: 3 };

    fn address(text: &str) -> Option<Address> {
        Some(Address::of(text.parse::<IpAddr>().expect("an address")))
    }

    fn take(crowd: &mut Crowd, address: Option<Address>, count: usize) -> Result<(), Full> {
        crowd.may_take(address, count, BOUNDS).map(|()| crowd.take(address, count))
    }

    #[test]
    fn one_holds_no_more_than_one_may_and_all_no_more_than_there_is() {
        let mut crowd = Crowd::default();
        let one = address("192.0.2.1");
        assert_eq!(take(&mut crowd, one, 3), Ok(()));
        assert_eq!(take(&mut crowd, one, 1), Err(Full::One));
        assert_eq!(take(&mut crowd, address("192.0.2.2"), 3), Ok(()), "of IPv4 each address is one of its own");
        assert_eq!(take(&mut crowd, None, 14), Ok(()));
        assert_eq!(take(&mut crowd, None, 1), Err(Full::All));
        crowd.give_back(one, 3);
        assert_eq!(take(&mut crowd, None, 3), Ok(()));
        crowd.give_back(None, 17);
        crowd.give_back(address("192.0.2.2"), 3);
        assert!(crowd.is_empty());
    }

    #[test]
    fn a_network_of_ipv6_holds_what_a_few_addresses_may() {
        let mut crowd = Crowd::default();
        let of_network = (0..100).map(|subnet| address(&format!("2001:db8:1:{subnet}::1")));
        let held = of_network.filter(|address| take(&mut crowd, *address, 3).is_ok()).count();
        assert_eq!(held, Network::ADDRESSES);
        assert_eq!(take(&mut crowd, address("2001:db8:1:999::1"), 1), Err(Full::Network));
        assert_eq!(take(&mut crowd, address("2001:db8:2::1"), 3), Ok(()), "another network");
    }

    #[test]
    fn who_holds_most_gives_way_to_who_would_hold_less() {
        let mut crowd = Crowd::default();
        for (name, count) in [("2001:db8:1:1::1", 3), ("2001:db8:1:2::1", 2), ("192.0.2.1", 3)] {
            crowd.take(address(name), count);
        }
        let fullest = address("2001:db8:1:9::1").map(Address::network);
        assert_eq!(crowd.fullest_beyond(address("192.0.2.2"), 1), fullest);
        assert_eq!(crowd.fullest_beyond(address("192.0.2.1"), 1), fullest, "3 + 1 are fewer than 5");
        assert_eq!(crowd.fullest_beyond(address("192.0.2.1"), 2), None, "3 + 2 are as many");
        assert_eq!(crowd.fullest_beyond(address("2001:db8:1:9::1"), 1), None, "its own");
        assert_eq!(crowd.fullest_beyond(None, 1), fullest);
    }
}
