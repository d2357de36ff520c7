//! Clients that were refused a page for its bytes, and until when no other is rendered for them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{Address, Subject};
use crate::clock::Clock;

/// Who asks for pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Asker {
    Address(Address),
    Subject(Subject),
}

/// Notes of those who were refused; a cheap handle. How many bytes a page has is known only when it is made, which is
/// what takes the time: whoever was refused one, and asks again before it can be sent, is not to have it made again.
#[derive(Clone)]
pub(super) struct Refusals {
    clock: Clock,
    until: Arc<Mutex<HashMap<Asker, Duration>>>,
}

impl Refusals {
    pub(super) fn new(clock: &Clock) -> Self {
        Self { clock: clock.clone(), until: Arc::default() }
    }

    /// Notes that someone is to wait.
    pub(super) fn note(&self, asker: Asker, wait: Duration) {
        let now = self.clock.elapsed();
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        // They are few: each has used up what it may have of a minute or so.
        until.retain(|_, until| *until > now);
        until.insert(asker, now + wait);
    }

    /// How long someone still has to wait.
    pub(super) fn wait(&self, asker: Asker) -> Option<Duration> {
        let until = self.until.lock().unwrap_or_else(PoisonError::into_inner).get(&asker).copied()?;
        until.checked_sub(self.clock.elapsed()).filter(|wait| !wait.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use madang_common::time::UnixMillis;

    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn who_was_refused_waits_so_long_and_nothing_is_kept_of_it() {
        let clock = ManualClock::new(UnixMillis(0));
        let refusals = Refusals::new(&clock.clock());
        let asker = |number| Asker::Address(Address::of([10, 0, 0, number].into()));
        refusals.note(asker(1), Duration::from_secs(2));
        assert_eq!(refusals.wait(asker(1)), Some(Duration::from_secs(2)));
        assert_eq!(refusals.wait(asker(2)), None);
        clock.advance(Duration::from_millis(1_500));
        assert_eq!(refusals.wait(asker(1)), Some(Duration::from_millis(500)));
        clock.advance(Duration::from_millis(500));
        assert_eq!(refusals.wait(asker(1)), None);
        refusals.note(asker(2), Duration::from_secs(1));
        assert_eq!(refusals.until.lock().expect("no panic").len(), 1);
    }
}
