//! A rate limit that is kept by waiting.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::kind::Rate;
use crate::clock::Clock;

/// After so many calls, keys that are as good as new are let go.
const PRUNE_AFTER: u32 = 1_024;
/// The longest that anything waits. What waited for longer may be gone by then, and those who come later pay for it.
const LONGEST: Duration = Duration::from_secs(60);

/// A rate per key. Each who comes too soon is told once how long to wait, behind those who wait already: were all told
/// when the next could go, all would ask again at that time, and all but one in vain.
pub(super) struct Pacer<K> {
    burst: Duration,
    each: Duration,
    clock: Clock,
    state: Mutex<State<K>>,
}

struct State<K> {
    /// Until when each key has used its rate up, by the clock.
    used_until: HashMap<K, Duration>,
    calls: u32,
}

impl<K: Hash + Eq> Pacer<K> {
    pub(super) fn new(rate: Rate, clock: &Clock) -> Self {
        let each = Duration::from_secs(60).div_f64(rate.per_minute.max(1.0));
        let state = State { used_until: HashMap::new(), calls: 0 };
        Self { burst: each.saturating_mul(rate.burst), each, clock: clock.clone(), state: Mutex::new(state) }
    }

    /// Counts so many, and tells how long to wait before more are counted.
    pub(super) fn count(&self, key: K, count: u32) -> Duration {
        let now = self.clock.elapsed();
        // Nothing panics while it is held.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.calls = state.calls.wrapping_add(1);
        if state.calls.is_multiple_of(PRUNE_AFTER) {
            state.used_until.retain(|_, until| *until > now);
        }
        let until = state.used_until.entry(key).or_insert(now);
        *until = (*until).max(now).saturating_add(self.each.saturating_mul(count)).min(now + self.burst + LONGEST);
        until.saturating_sub(now + self.burst)
    }
}

#[cfg(test)]
mod tests {
    use madang_common::time::UnixMillis;

    use super::*;
    use crate::clock::ManualClock;

    const RATE: Rate = Rate { burst: 10, per_minute: 60.0 };

    #[test]
    fn each_waits_behind_those_who_wait_already() {
        let clock = ManualClock::new(UnixMillis(0));
        let pacer = Pacer::new(RATE, &clock.clock());
        let waits: Vec<u64> = (0..5).map(|_| pacer.count(1, 4).as_secs()).collect();
        assert_eq!(waits, [0, 0, 2, 6, 10]);
        assert_eq!(pacer.count(2, 4), Duration::ZERO, "another key has a rate of its own");
        clock.advance(Duration::from_secs(10));
        assert_eq!(pacer.count(1, 1), Duration::from_secs(1));
    }

    #[test]
    fn nobody_waits_for_ever_for_those_who_are_gone() {
        let clock = ManualClock::new(UnixMillis(0));
        let pacer = Pacer::new(RATE, &clock.clock());
        assert_eq!(pacer.count(1, u32::MAX), LONGEST);
        assert_eq!(pacer.count(1, 1), LONGEST);
        clock.advance(LONGEST + Duration::from_secs(11));
        assert_eq!(pacer.count(1, 10), Duration::ZERO);
    }

    #[test]
    fn keys_that_nobody_uses_are_let_go() {
        let clock = ManualClock::new(UnixMillis(0));
        let pacer = Pacer::new(RATE, &clock.clock());
        (0..5_000).for_each(|key| assert_eq!(pacer.count(key, 1), Duration::ZERO));
        clock.advance(Duration::from_secs(20));
        (0..PRUNE_AFTER).for_each(|_| assert_eq!(pacer.count(0, 0), Duration::ZERO));
        assert!(pacer.state.lock().expect("no panic").used_until.len() <= 1);
    }
}
