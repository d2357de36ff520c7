//! The reconnect time that a server has announced before its shutdown.

/// A request to stay away. The default asks for nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Farewell {
    said_ms: f64,
    back_in_ms: f64,
}

impl Farewell {
    /// Heard now, by the clock of [`now`](crate::browser::now).
    pub(crate) fn new(now: f64, back_in_ms: u32) -> Self {
        Self { said_ms: now, back_in_ms: back_in_ms.into() }
    }

    /// How long one still has to stay away, in milliseconds. Nothing after the clock has been set back: how much of
    /// the time has passed is not known then.
    pub(crate) fn left_ms(self, now: f64) -> f64 {
        let passed = now - self.said_ms;
        if passed < 0.0 { 0.0 } else { (self.back_in_ms - passed).max(0.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_was_asked_for_until_something_is() {
        assert_eq!(Farewell::default().left_ms(1_000.0), 0.0);
        assert_eq!(Farewell::new(1_000.0, 400).left_ms(1_000.0), 400.0);
    }

    #[test]
    fn the_time_runs_from_when_it_was_asked_for() {
        let farewell = Farewell::new(1_000.0, 400);
        assert_eq!(farewell.left_ms(1_300.0), 100.0);
        assert_eq!(farewell.left_ms(1_400.0), 0.0);
        assert_eq!(farewell.left_ms(9_000.0), 0.0);
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_away() {
        assert_eq!(Farewell::new(1_000_000.0, 400).left_ms(1_000.0), 0.0);
    }
}
