//! How long most of something took.

use std::time::Duration;

/// The time that so many in a hundred do not exceed; none of none.
pub(crate) fn percentile(mut times: Vec<Duration>, hundredths: usize) -> Option<Duration> {
    times.sort_unstable();
    times.get(times.len().saturating_sub(1) * hundredths / 100).copied()
}
