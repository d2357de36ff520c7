//! How many pages are made at once.

use std::{sync::Arc, thread::available_parallelism, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// Makes pages wait for each other: making one keeps a processor busy for milliseconds, and each that is being made
/// holds what was read for it. A cheap handle.
#[derive(Clone)]
pub(super) struct Renders {
    turns: Arc<Semaphore>,
    patience: Duration,
}

/// A turn at making a page; the next one comes when it is dropped.
#[derive(Debug)]
#[must_use]
pub(crate) struct Rendering {
    _permit: OwnedSemaphorePermit,
}

impl Renders {
    /// A turn for each processor but one, which is left to whoever talks meanwhile; one at least.
    pub(super) fn new(patience: Duration) -> Self {
        let processors = available_parallelism().map_or(1, usize::from);
        Self { turns: Arc::new(Semaphore::new(processors.saturating_sub(1).max(1))), patience }
    }

    /// The next turn; none when it does not come in time.
    pub(super) async fn turn(&self) -> Option<Rendering> {
        let permit = timeout(self.patience, self.turns.clone().acquire_owned()).await.ok()?;
        // The semaphore is never closed.
        permit.ok().map(|permit| Rendering { _permit: permit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn so_many_pages_are_made_at_once_and_who_waits_is_not_kept_for_ever() {
        let renders = Renders::new(Duration::from_millis(50));
        let mut turns = Vec::new();
        while let Some(turn) = renders.turn().await {
            turns.push(turn);
            assert!(turns.len() <= 4_096, "there is an end");
        }
        assert_eq!(turns.len(), available_parallelism().map_or(1, |count| (count.get() - 1).max(1)));
        let mut waiting = tokio::spawn({
            let renders = Renders { patience: Duration::from_secs(20), ..renders.clone() };
            async move { renders.turn().await }
        });
        assert!(timeout(Duration::from_millis(50), &mut waiting).await.is_err(), "it waits");
        turns.pop();
        assert!(waiting.await.expect("no panic").is_some(), "it is next");
    }
}
