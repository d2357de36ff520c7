//! Session lifetimes.

use std::time::Duration;

use madang_common::time::UnixMillis;

/// How long a session stands, unless it is ended before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SessionLifetime {
    /// Without being seen.
    pub(crate) idle: Duration,
    /// At all.
    pub(crate) whole: Duration,
}

/// The times after which a session must have been seen, and must have begun, to stand now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(super) seen_after: UnixMillis,
    pub(super) begun_after: UnixMillis,
}

#[cfg(test)]
impl Standing {
    /// What any session is like.
    pub(crate) const ANY: Self = Self { seen_after: UnixMillis(i64::MIN), begun_after: UnixMillis(i64::MIN) };
}

impl SessionLifetime {
    /// What a session must be like to stand at this time.
    pub(crate) fn at(self, now: UnixMillis) -> Standing {
        Standing { seen_after: before(now, self.idle), begun_after: before(now, self.whole) }
    }
}

/// So long before.
pub(crate) fn before(now: UnixMillis, time: Duration) -> UnixMillis {
    UnixMillis(now.0.saturating_sub(i64::try_from(time.as_millis()).unwrap_or(i64::MAX)))
}
