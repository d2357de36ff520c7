//! Token buckets: one rate limit, counted for each key separately.

use std::{
    hash::Hash,
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use governor::{
    Quota, RateLimiter, clock::Clock as _, middleware::NoOpMiddleware, nanos::Nanos, state::keyed::HashMapStateStore,
};

use super::kind::Rate;
use crate::clock::Clock;

/// After so many checks, keys that are as good as new are let go.
const PRUNE_AFTER: u32 = 1_024;

/// A rate per key.
pub(super) struct Bucket<K: Hash + Eq + Clone> {
    /// How many there ever are at once.
    burst: NonZeroU32,
    limiter: RateLimiter<K, HashMapStateStore<K>, Ticks, NoOpMiddleware<Nanos>>,
    checks: AtomicU32,
}

impl<K: Hash + Eq + Clone> Bucket<K> {
    pub(super) fn new(rate: Rate, clock: &Clock) -> Self {
        let burst = NonZeroU32::new(rate.burst).unwrap_or(NonZeroU32::MIN);
        let period = Duration::from_secs(60).div_f64(rate.per_minute.max(f64::MIN_POSITIVE));
        // A period of no time at all is one that nobody could exceed.
        let quota = Quota::with_period(period.max(Duration::from_nanos(1))).expect("not zero").allow_burst(burst);
        let limiter = RateLimiter::hashmap_with_clock(quota, Ticks(clock.clone()));
        Self { burst, limiter, checks: AtomicU32::new(0) }
    }

    /// Takes so many, or none, and tells after what time there will be enough. More than the burst would never be granted;
    /// it takes all of it.
    fn take(&self, key: &K, count: NonZeroU32) -> Result<(), Duration> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % PRUNE_AFTER == PRUNE_AFTER - 1 {
            self.limiter.retain_recent();
        }
        match self.limiter.check_key_n(key, count.min(self.burst)).expect("no more than the burst") {
            Ok(()) => Ok(()),
            Err(not_until) => Err(not_until.wait_time_from(self.limiter.clock().now())),
        }
    }
}

/// Takes one, where there is a rate and something to count it against.
pub(super) fn check<K: Hash + Eq + Clone>(bucket: &Option<Bucket<K>>, key: Option<&K>) -> Result<(), Duration> {
    check_many(bucket, key, NonZeroU32::MIN)
}

/// As [`check`], for many at once.
pub(super) fn check_many<K: Hash + Eq + Clone>(
    bucket: &Option<Bucket<K>>,
    key: Option<&K>,
    count: NonZeroU32,
) -> Result<(), Duration> {
    match (bucket, key) {
        (Some(bucket), Some(key)) => bucket.take(key, count),
        _ => Ok(()),
    }
}

/// The server's clock as governor reads it.
#[derive(Clone, Debug)]
struct Ticks(Clock);

impl governor::clock::Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        // A start that is not zero: governor reckons back from now by up to a burst.
        Nanos::from(self.0.elapsed()) + Nanos::from(Duration::from_secs(1))
    }
}

#[cfg(test)]
mod tests {
    use madang_common::time::UnixMillis;

    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn more_than_the_burst_takes_all_of_it() {
        let clock = ManualClock::new(UnixMillis(0));
        let bucket = Bucket::new(Rate { burst: 2, per_minute: 60.0 }, &clock.clock());
        let many = NonZeroU32::new(1_000).expect("not zero");
        assert_eq!(bucket.take(&1, NonZeroU32::MIN), Ok(()));
        assert_eq!(bucket.take(&1, many), Err(Duration::from_secs(1)), "not all of it is there");
        clock.advance(Duration::from_secs(1));
        assert_eq!(bucket.take(&1, many), Ok(()));
        assert_eq!(bucket.take(&1, NonZeroU32::MIN), Err(Duration::from_secs(1)));
    }

    #[test]
    fn keys_that_nobody_uses_are_let_go() {
        let clock = ManualClock::new(UnixMillis(0));
        let bucket = Bucket::new(Rate { burst: 2, per_minute: 60.0 }, &clock.clock());
        for key in 0..5_000 {
            assert_eq!(bucket.take(&key, NonZeroU32::MIN), Ok(()));
        }
        assert!(bucket.limiter.len() > 4_000, "nothing is let go before its time");
        clock.advance(Duration::from_secs(10));
        for _ in 0..PRUNE_AFTER {
            clock.advance(Duration::from_secs(1));
            assert_eq!(bucket.take(&-1, NonZeroU32::MIN), Ok(()));
        }
        assert!(bucket.limiter.len() <= 2, "{}", bucket.limiter.len());
    }
}
