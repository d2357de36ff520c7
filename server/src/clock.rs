//! The clock, passed in so that tests can set it.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use madang_common::time::UnixMillis;

/// A source of the current time; cheap to clone.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> UnixMillis + Send + Sync>,
    elapsed: Arc<dyn Fn() -> Duration + Send + Sync>,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        let now = || {
            // A clock before 1970 is wrong anyway, and time is for reading only.
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            UnixMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
        };
        let start = Instant::now();
        Self { now: Arc::new(now), elapsed: Arc::new(move || start.elapsed()) }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> UnixMillis {
        (self.now)()
    }

    /// How much time has passed since some moment. It never goes back, as the time of day may when it is set.
    pub(crate) fn elapsed(&self) -> Duration {
        (self.elapsed)()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

/// A clock that stands still until it is told to go on.
#[derive(Clone, Debug)]
pub struct ManualClock {
    now: Arc<AtomicI64>,
    passed: Arc<AtomicI64>,
}

impl ManualClock {
    /// A clock that stands at `start`.
    #[must_use]
    pub fn new(start: UnixMillis) -> Self {
        Self { now: Arc::new(AtomicI64::new(start.0)), passed: Arc::default() }
    }

    /// Moves the clock on.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.now.fetch_add(by, Ordering::SeqCst);
        self.passed.fetch_add(by, Ordering::SeqCst);
    }

    /// Sets the clock to another time of day, forward or back, as an operator may; no time passes by it.
    pub fn set(&self, now: UnixMillis) {
        self.now.store(now.0, Ordering::SeqCst);
    }

    /// What the clock shows.
    #[must_use]
    pub fn now(&self) -> UnixMillis {
        UnixMillis(self.now.load(Ordering::SeqCst))
    }

    /// The clock to hand over.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let (shown, passed) = (self.clone(), self.passed.clone());
        let elapsed = move || Duration::from_millis(u64::try_from(passed.load(Ordering::SeqCst)).unwrap_or_default());
        Clock { now: Arc::new(move || shown.now()), elapsed: Arc::new(elapsed) }
    }
}
