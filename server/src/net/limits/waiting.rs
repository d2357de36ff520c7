//! Unsent bytes of clients that each have a copy of their own.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use super::places::Full;

/// How many may wait for one client.
const MOST: usize = 1 << 20;

/// How many bytes wait for one client; a cheap handle. What is taken in is known for all that is sent together, so a client
/// that is sent other things besides may have a little more waiting than is counted.
#[derive(Clone, Default)]
pub(super) struct WaitingBytes(Arc<AtomicUsize>);

impl WaitingBytes {
    /// So many more wait.
    ///
    /// # Errors
    /// [`Full::One`] when they would be too many; then none is added.
    pub(super) fn add(&self, bytes: usize) -> Result<(), Full> {
        let more = |waiting: usize| waiting.checked_add(bytes).filter(|sum| *sum <= MOST);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).map(drop).map_err(|_| Full::One)
    }

    /// So many were taken in, of whatever it was.
    pub(super) fn subtract(&self, bytes: usize) {
        let less = |waiting: usize| Some(waiting.saturating_sub(bytes));
        // It always answers with a number.
        let (Ok(_) | Err(_)) = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_so_many_wait() {
        let waiting = WaitingBytes::default();
        assert_eq!(waiting.add(MOST), Ok(()));
        assert_eq!(waiting.add(1), Err(Full::One));
        waiting.subtract(1);
        assert_eq!(waiting.add(1), Ok(()));
        waiting.subtract(usize::MAX);
        assert_eq!(waiting.add(MOST), Ok(()));
    }
}
