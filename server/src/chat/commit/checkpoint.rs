//! When to bring what was written out of the database's log: once nothing is written for a moment, so that nobody waits
//! for it, but not much later on a server where something always is.

use std::time::Duration;

use tokio::time::Instant;

/// How long nothing is written before.
const QUIET: Duration = Duration::from_secs(5);
/// How long that is waited for: on a busy server, the log grows by some megabytes a second.
const AT_THE_LATEST: Duration = Duration::from_secs(10);

/// Since when the log holds something, and when something was written last.
#[derive(Default)]
pub(super) struct Quiet(Option<Written>);

struct Written {
    first: Instant,
    last: Instant,
}

impl Quiet {
    /// Something was written, or could not be brought out of the log just now.
    pub(super) fn wrote(&mut self, now: Instant) {
        self.0.get_or_insert(Written { first: now, last: now }).last = now;
    }

    /// The log is empty.
    pub(super) fn emptied(&mut self) {
        self.0 = None;
    }

    /// When the log is to be emptied, if there is anything in it.
    pub(super) fn due(&self) -> Option<Instant> {
        let Written { first, last } = self.0.as_ref()?;
        // Whoever is still reading then is not asked again at once.
        Some((*last + QUIET).min((*first + AT_THE_LATEST).max(*last + QUIET / 5)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_waits_for_a_moment_of_quiet_and_not_for_ever() {
        let start = Instant::now();
        let second = |second| start + Duration::from_secs(second);
        let mut quiet = Quiet::default();
        assert_eq!(quiet.due(), None);
        for now in 0..=8 {
            quiet.wrote(second(now));
            assert_eq!(quiet.due(), Some(second(now + 5).min(second(10))), "{now}");
        }
        quiet.wrote(second(20));
        assert_eq!(quiet.due(), Some(second(21)), "overdue");
        quiet.emptied();
        assert_eq!(quiet.due(), None);
        quiet.wrote(second(80));
        assert_eq!(quiet.due(), Some(second(85)));
    }
}
