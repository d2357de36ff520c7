//! Concurrency limits: how many may be held at a time, by one client and by all.

use std::{
    collections::HashMap,
    fmt::Debug,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Counts what is held; a cheap handle.
#[derive(Clone)]
pub(crate) struct Places<K>(Arc<Inner<K>>);

struct Inner<K> {
    most: usize,
    most_of_one: usize,
    held: Mutex<Held<K>>,
}

struct Held<K> {
    all: usize,
    /// Only those who hold something.
    each: HashMap<K, usize>,
}

/// Why nothing is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// The one who asks holds as much as one may.
    One,
    /// The addresses of the network of the one who asks hold as much as they may.
    Network,
    /// All that there is is held.
    All,
}

/// What is held; given back when it is dropped.
#[must_use]
pub(crate) struct Place(Option<Box<dyn FnOnce() + Send + Sync>>);

impl<K: Hash + Eq + Copy + Send + Sync + 'static> Places<K> {
    pub(super) fn new(most: usize, most_of_one: usize) -> Self {
        Self(Arc::new(Inner { most, most_of_one, held: Mutex::new(Held { all: 0, each: HashMap::new() }) }))
    }

    /// Takes `count` for `who`, or nothing at all. Of whom nobody knows, only the sum is looked at.
    ///
    /// # Errors
    /// [`Full`].
    pub(super) fn take(&self, who: Option<K>, count: usize) -> Result<Place, Full> {
        let mut held = self.0.held();
        let of_one = match who {
            Some(who) => {
                let one = held.each.get(&who).copied().unwrap_or_default();
                let one = one.checked_add(count).filter(|one| *one <= self.0.most_of_one);
                Some((who, one.ok_or(Full::One)?))
            }
            None => None,
        };
        held.all = held.all.checked_add(count).filter(|all| *all <= self.0.most).ok_or(Full::All)?;
        held.each.extend(of_one);
        let inner = self.0.clone();
        Ok(Place(Some(Box::new(move || inner.give_back(who, count)))))
    }

    /// How much is held by all together.
    pub(super) fn held(&self) -> usize {
        self.0.held().all
    }
}

impl<K: Hash + Eq + Copy> Inner<K> {
    fn held(&self) -> MutexGuard<'_, Held<K>> {
        // Nothing panics while it is held.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give_back(&self, who: Option<K>, count: usize) {
        let mut held = self.held();
        held.all -= count;
        let Some(who) = who else { return };
        if let Some(one) = held.each.get_mut(&who) {
            *one -= count;
            if *one == 0 {
                held.each.remove(&who);
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(give_back) = self.0.take() {
            give_back();
        }
    }
}

impl Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Place")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_no_more_than_one_may_and_all_no_more_than_there_is() {
        let places = Places::new(5, 3);
        let held = places.take(Some('a'), 3).expect("three of three");
        assert_eq!(places.take(Some('a'), 1).err(), Some(Full::One));
        assert_eq!(places.take(Some('b'), 3).err(), Some(Full::All));
        let other = places.take(Some('b'), 1).expect("there is room for two");
        let unknown = places.take(None, 1).expect("the last");
        assert_eq!(places.take(None, 1).err(), Some(Full::All));
        drop(held);
        assert!(places.take(Some('a'), 3).is_ok());
        drop((other, unknown));
        assert!(places.0.held().each.is_empty(), "nothing is kept of who holds nothing");
        assert_eq!(places.held(), 0);
    }
}
