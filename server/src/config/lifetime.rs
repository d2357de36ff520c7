//! A lifetime as a setting: how long something is kept.

use std::{str::FromStr, time::Duration};

use super::duration;

/// How long something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime(Option<Duration>);

impl Lifetime {
    /// Without an end.
    pub const FOREVER: Self = Self(None);

    /// So long.
    #[must_use]
    pub const fn of(time: Duration) -> Self {
        Self(Some(time))
    }

    /// After how long it ends; none is never.
    #[must_use]
    pub fn end(self) -> Option<Duration> {
        self.0
    }
}

impl FromStr for Lifetime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "forever" {
            return Ok(Self::FOREVER);
        }
        match duration(text)? {
            // Everything would be gone at once, or as soon as it is stored.
            Duration::ZERO => Err("it is forever, or longer than nothing".to_owned()),
            time => Ok(Self::of(time)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_time_or_without_an_end() {
        assert_eq!("forever".parse(), Ok(Lifetime::FOREVER));
        assert_eq!("30d".parse(), Ok(Lifetime::of(Duration::from_secs(30 * 86_400))));
        for wrong in ["", "0", "0s", "1ns", "30", "never", "-1d"] {
            assert!(wrong.parse::<Lifetime>().is_err(), "{wrong:?}");
        }
    }
}
