//! What visitors hold of something that there is only so much of. When all of it is taken, whoever holds most gives way.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    Address,
    address::Network,
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
    /// By network, and there by age: the oldest of each is found however many there are.
    holders: BTreeMap<Key, Holder>,
}

type Key = (Option<Network>, u64);

struct Holder {
    address: Option<Address>,
    count: usize,
    lose: Box<dyn FnOnce() + Send>,
}

/// What is held; given back when it is dropped, or lost to another before that.
#[must_use]
pub(crate) struct Share {
    key: Key,
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
        let (share, losing) = {
            let mut held = self.held();
            let losing = held.make_room(address, count, self.0.bounds)?;
            held.crowd.take(address, count);
            let key = (address.map(Address::network), held.next);
            held.next += 1;
            held.holders.insert(key, Holder { address, count, lose: Box::new(lose) });
            (Share { key, shares: self.clone() }, losing)
        };
        // Nothing is locked any more: whoever loses something may hold other things besides.
        for (_, holder) in losing {
            tracing::debug!("what somebody holds is given to another");
            (holder.lose)();
        }
        Ok(share)
    }

    /// Whether `address` would get `count`, if need be from another.
    pub(super) fn has_room(&self, address: Option<Address>, count: usize) -> bool {
        let mut held = self.held();
        let room = held.make_room(address, count, self.0.bounds);
        room.map(|losing| held.put_back(losing)).is_ok()
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
    /// Takes what others hold until `address` may take `count`, and answers what that was. Where it would not be enough
    /// nobody loses anything.
    fn make_room(
        &mut self,
        address: Option<Address>,
        count: usize,
        bounds: Bounds,
    ) -> Result<Vec<(Key, Holder)>, Full> {
        let mut losing = Vec::new();
        while let Err(full) = self.crowd.may_take(address, count, bounds) {
            match (full == Full::All).then(|| self.take_of_fullest(address, count)).flatten() {
                Some(lost) => losing.push(lost),
                None => {
                    self.put_back(losing);
                    return Err(full);
                }
            }
        }
        Ok(losing)
    }

    /// Takes the share that goes for `count` of `address`.
    fn take_of_fullest(&mut self, address: Option<Address>, count: usize) -> Option<(Key, Holder)> {
        let fullest = self.crowd.fullest_beyond(address, count)?;
        let (key, _) = self.holders.range((Some(fullest), 0)..).next()?;
        let key = *key;
        Some((key, self.remove(key)?))
    }

    fn put_back(&mut self, lost: Vec<(Key, Holder)>) {
        for (_, holder) in &lost {
            self.crowd.take(holder.address, holder.count);
        }
        self.holders.extend(lost);
    }

    fn remove(&mut self, key: Key) -> Option<Holder> {
        let holder = self.holders.remove(&key)?;
        self.crowd.give_back(holder.address, holder.count);
        Some(holder)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        // What it would have told to whom is let go of when nothing is locked.
        let holder = self.shares.held().remove(self.key);
        drop(holder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(number: u8) -> Option<Address> {
        Some(Address::of([192, 0, 2, number].into()))
    }

    #[test]
    fn nobody_loses_anything_to_who_gets_nothing_all_the_same() {
        let shares = Shares::new(10, 9);
        let lost = Arc::new(Mutex::new(0));
        let take = |number, count| {
            let lost = lost.clone();
            shares.take(address(number), count, move || *lost.lock().expect("no panic") += 1)
        };
        // The first of these would give way, and it would not be enough.
        let held = [take(1, 1), take(1, 5), take(2, 4)].map(|share| share.expect("a share"));
        assert_eq!(take(3, 5).err(), Some(Full::All));
        assert_eq!((*lost.lock().expect("no panic"), shares.held_by_all()), (0, 10));
        assert!(!shares.has_room(address(3), 5) && shares.has_room(address(3), 1));
        drop(held);
        assert!(shares.held().crowd.is_empty());
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
