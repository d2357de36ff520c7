//! The clock: says what time it is, and wakes the engines when they want to be woken.

use std::{
    sync::LazyLock,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use tokio::time::sleep;

use super::core::Shared;
use crate::engine::Engine;

/// A clock that only goes forward. The system's is read once: a timer that was set before it was set back would not be due
/// for as long as it was set back by.
struct Clock {
    /// The system's time at the start, in milliseconds since 1970.
    wall: f64,
    start: Instant,
}

impl Clock {
    fn start(wall: SystemTime, start: Instant) -> Self {
        Self { wall: wall.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as f64, start }
    }

    fn at(&self, now: Instant) -> f64 {
        self.wall + now.saturating_duration_since(self.start).as_millis() as f64
    }
}

/// Milliseconds since 1970, by the system's clock when the program first asked, and the time since.
pub(super) fn now() -> f64 {
    static CLOCK: LazyLock<Clock> = LazyLock::new(|| Clock::start(SystemTime::now(), Instant::now()));
    CLOCK.at(Instant::now())
}

pub(super) async fn run(shared: &Shared) {
    loop {
        let wake_at = shared.lock().wake_at();
        let woken = async {
            match wake_at {
                // Not a moment too early, or it would not be due yet.
                Some(at) => sleep(Duration::from_millis((at - now()).max(0.0) as u64 + 1)).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = woken => shared.tell(|core| core.tell_all(Engine::due)),
            () = shared.clock.notified() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_on_from_the_wall_clock_at_the_start_whatever_that_is_set_to_later() {
        let (wall, start) = (UNIX_EPOCH + Duration::from_secs(1_000), Instant::now());
        let clock = Clock::start(wall, start);
        assert_eq!(clock.at(start), 1_000_000.0);
        assert_eq!(clock.at(start + Duration::from_millis(2_500)), 1_002_500.0);
    }
}
