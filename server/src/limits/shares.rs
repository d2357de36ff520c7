//! What visitors hold of something that there is only so much of. When all of it is taken, whoever holds most gives way.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    Address,
    crowd::{Bounds, Crowd},
    places::Full,
};

/// Counts what is held; a cheap handle.
#[derive(Clone)]
pub(crate) struct Shares(Arc<Inner>);

struct Inner {
    bounds: Bounds,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    next: u64,
    crowd: Crowd,
    /// By age: the oldest first.
    holders: BTreeMap<u64, Holder>,
}

struct Holder {
    address: Option<Address>,
    count: usize,
    lose: Box<dyn FnOnce() + Send>,
}

/// What is held; given back when it is dropped, or lost to another before that.
#[must_use]
pub(crate) struct Share {
    id: u64,
    shares: Shares,
}

impl Shares {
    pub(super) fn new(all: usize, address: usize) -> Self {
        Self(Arc::new(Inner { bounds: Bounds { all, address }, held: Mutex::default() }))
    }

    /// Takes `count` for `address`, or nothing at all. Where that much is not left, the network that holds most loses what
    /// it has held longest, as long as it holds more than the one that asks. `lose` is called when this share is lost so.
    ///
    /// # Errors
    /// [`Full`].
    pub(super) fn take(
        &self,
        address: Option<Address>,
        count: usize,
        lose: impl FnOnce() + Send + 'static,
    ) -> Result<Share, Full> {
        let bounds = self.0.bounds;
        // Told when nothing is locked any more: whoever loses something may hold other things besides.
        let mut losing = Losing::default();
        let mut held = self.held();
        while let Err(full) = held.crowd.may_take(address, count, bounds) {
            let oldest = (full == Full::All).then(|| held.of_fullest(address, count)).flatten().ok_or(full)?;
            losing.0.extend(held.remove(oldest).map(|holder| holder.lose));
        }
        held.crowd.take(address, count);
        let id = held.next;
        held.next += 1;
        held.holders.insert(id, Holder { address, count, lose: Box::new(lose) });
        Ok(Share { id, shares: self.clone() })
    }

    /// Whether `address` would get `count`, if need be from another.
    pub(super) fn has_room(&self, address: Option<Address>, count: usize) -> bool {
        let held = self.held();
        match held.crowd.may_take(address, count, self.0.bounds) {
            Ok(()) => true,
            Err(Full::All) => held.of_fullest(address, count).is_some(),
            Err(_) => false,
        }
    }

    /// How much is held by all together.
    pub(super) fn held_by_all(&self) -> usize {
        self.held().crowd.all()
    }

    /// How much there is.
    pub(super) fn most(&self) -> usize {
        self.0.bounds.all
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // Nothing panics while it is held.
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// The share that goes for `count` of `address`.
    fn of_fullest(&self, address: Option<Address>, count: usize) -> Option<u64> {
        let fullest = self.crowd.fullest_beyond(address, count)?;
        let mut of_fullest = self.holders.iter().filter(|(_, of)| of.address.map(Address::network) == Some(fullest));
        of_fullest.next().map(|(id, _)| *id)
    }

    fn remove(&mut self, id: u64) -> Option<Holder> {
        let holder = self.holders.remove(&id)?;
        self.crowd.give_back(holder.address, holder.count);
        Some(holder)
    }
}

/// Those who lose something; they are told when this is dropped.
#[derive(Default)]
struct Losing(Vec<Box<dyn FnOnce() + Send>>);

impl Drop for Losing {
    fn drop(&mut self) {
        for lose in self.0.drain(..) {
            tracing::debug!("what somebody holds is given to another");
            lose();
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.shares.held().remove(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(number: u8) -> Option<Address> {
        Some(Address::of([192, 0, 2, number].into()))
    }

    #[test]
    fn who_holds_most_loses_the_oldest_to_who_holds_less() {
        let shares = Shares::new(10, 6);
        let lost = Arc::new(Mutex::new(Vec::new()));
        let take = |number, count, name: &'static str| {
            let (lost, again) = (lost.clone(), shares.clone());
            shares.take(address(number), count, move || {
                assert!(again.held_by_all() > 0, "nothing is locked");
                lost.lock().expect("no panic").push(name);
            })
        };
        let first = take(1, 2, "first").expect("a share");
        let second = take(1, 4, "second").expect("a share");
        assert_eq!(take(1, 1, "third").err(), Some(Full::One));
        let other = take(2, 4, "other").expect("the rest");
        assert!(shares.has_room(address(3), 1) && !shares.has_room(address(3), 6) && !shares.has_room(address(1), 1));
        let newcomer = take(3, 1, "newcomer").expect("the first gives way");
        assert_eq!(*lost.lock().expect("no panic"), ["first"]);
        assert_eq!(shares.held_by_all(), 9);
        assert_eq!(take(3, 4, "more").err(), Some(Full::All), "nobody holds more than it would");
        drop((first, second, other, newcomer));
        assert_eq!(*lost.lock().expect("no panic"), ["first"], "what is given back is not lost");
        assert!(shares.held().crowd.is_empty() && shares.held().holders.is_empty());
    }
}
