//! How quick and how patient a client is.

use std::time::Duration;

/// How quick and how patient a client is. The default is for the networks of this world and the limits of a server that
/// others use, too; tests may be harder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The wait before the first attempt to come back. Each further one is twice as long, up to `longest_retry`; chance takes
    /// up to half of it away, so that not all come back at once. A server that says when to come back is believed.
    pub first_retry: Duration,
    /// The longest wait before another attempt.
    pub longest_retry: Duration,
    /// How long the server may take to answer a request before the connection counts as dead.
    pub patience: Duration,
    /// How often it is asked how far the rooms have come: the last change before a silence may be the one that got lost.
    pub head: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first_retry: Duration::from_millis(500),
            longest_retry: Duration::from_secs(15),
            patience: Duration::from_secs(30),
            head: Duration::from_millis(madang_common::limits::HEAD_INTERVAL_MS),
        }
    }
}

impl Pace {
    /// The wait after so many failures in a row, where the first is 0. `chance` is from 0 to 1.
    pub(super) fn wait(&self, failures: u32, chance: f64) -> Duration {
        let doubled = self.first_retry.checked_mul(1 << failures.min(30)).unwrap_or(self.longest_retry);
        doubled.min(self.longest_retry).mul_f64(1.0 - chance.clamp(0.0, 1.0) / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_differ_by_chance() {
        let pace = Pace::default();
        let waits = [0, 1, 2, 5, u32::MAX].map(|failures| pace.wait(failures, 0.0).as_millis());
        assert_eq!(waits, [500, 1_000, 2_000, 15_000, 15_000]);
        assert_eq!(pace.wait(1, 1.0), Duration::from_millis(500));
    }
}
