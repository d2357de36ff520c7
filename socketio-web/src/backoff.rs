//! Reconnect backoff: waits that grow with each failed attempt, with jitter.

use std::time::Duration;

/// How long to wait before the next attempt.
///
/// The wait grows from `min` by `factor` up to `max`. `jitter` then takes away a random share of it, so that the
/// clients of a server that went away do not all come back in the same instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backoff {
    /// The first wait, before jitter.
    pub min: Duration,
    /// The longest wait.
    pub max: Duration,
    /// What each wait is multiplied by to get the next.
    pub factor: f64,
    /// The largest share, from 0 to 1, that jitter takes away from a wait.
    pub jitter: f64,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { min: Duration::from_millis(500), max: Duration::from_secs(15), factor: 2.0, jitter: 0.5 }
    }
}

impl Backoff {
    /// The wait before attempt number `attempt` (the first retry is 0), in milliseconds. `random` is from 0 to 1.
    pub fn delay_ms(&self, attempt: u32, random: f64) -> f64 {
        let exponent = i32::try_from(attempt).unwrap_or(i32::MAX);
        let min = self.min.as_secs_f64() * 1000.0;
        let max = self.max.as_secs_f64() * 1000.0;
        // `f64::min` also turns the NaN of 0 * infinity into `max`.
        let full = (min * self.factor.max(1.0).powi(exponent)).min(max);
        let jitter = self.jitter.clamp(0.0, 1.0) * random.clamp(0.0, 1.0);
        full * (1.0 - jitter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_until_the_longest() {
        let backoff = Backoff::default();
        let waits: Vec<f64> = (0..7).map(|n| backoff.delay_ms(n, 0.0)).collect();
        assert_eq!(waits, [500.0, 1000.0, 2000.0, 4000.0, 8000.0, 15000.0, 15000.0]);
    }

    #[test]
    fn jitter_shortens_a_wait_by_at_most_its_share() {
        let backoff = Backoff::default();
        assert_eq!(backoff.delay_ms(1, 1.0), 500.0);
        assert_eq!(backoff.delay_ms(1, 0.5), 750.0);
    }

    #[test]
    fn a_link_that_was_down_for_years_still_waits_the_longest_and_no_longer() {
        assert_eq!(Backoff::default().delay_ms(u32::MAX, 0.0), 15000.0);
        let never_grows = Backoff { min: Duration::ZERO, ..Backoff::default() };
        assert!(never_grows.delay_ms(u32::MAX, 0.0).is_finite());
    }
}
