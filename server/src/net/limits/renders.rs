//! The limit on pages that are rendered at the same time, and the queue for it.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::available_parallelism,
    time::Duration,
};

use tokio::{sync::oneshot, time::timeout};

use super::{Address, address::Network};

/// Makes pages wait for each other: making one keeps a processor busy for milliseconds, and each that is being made
/// holds what was read for it. Networks take turns, so that whoever asks for hundreds waits for these, and others wait
/// for one of them. A cheap handle.
#[derive(Clone)]
pub(super) struct Renders {
    queue: Arc<Mutex<Queue>>,
    patience: Duration,
}

struct Queue {
    free: usize,
    /// Whose turn it is, of those that wait: each network once.
    turns: VecDeque<Option<Network>>,
    /// Only networks for which someone waits.
    waiting: HashMap<Option<Network>, VecDeque<oneshot::Sender<Rendering>>>,
}

/// A turn at making a page; the next one comes when it is dropped.
#[must_use]
pub(crate) struct Rendering(Option<Arc<Mutex<Queue>>>);

impl Renders {
    /// A turn for each processor but one, which is left to whoever talks meanwhile; one at least.
    pub(super) fn new(patience: Duration) -> Self {
        let processors = available_parallelism().map_or(1, usize::from);
        Self::with(processors.saturating_sub(1).max(1), patience)
    }

    fn with(free: usize, patience: Duration) -> Self {
        let queue = Queue { free, turns: VecDeque::new(), waiting: HashMap::new() };
        Self { queue: Arc::new(Mutex::new(queue)), patience }
    }

    /// The next turn for an address; none when it does not come in time.
    pub(super) async fn turn(&self, address: Option<Address>) -> Option<Rendering> {
        let next = {
            let mut queue = lock(&self.queue);
            if queue.free > 0 {
                queue.free -= 1;
                return Some(Rendering(Some(self.queue.clone())));
            }
            queue.wait(address.map(Address::network))
        };
        timeout(self.patience, next).await.ok()?.ok()
    }
}

impl Queue {
    fn wait(&mut self, network: Option<Network>) -> oneshot::Receiver<Rendering> {
        let (turn, next) = oneshot::channel();
        let waiting = self.waiting.entry(network).or_default();
        if waiting.is_empty() {
            self.turns.push_back(network);
        }
        // Who has given up is in the way of nobody, but takes memory.
        waiting.retain(|turn| !turn.is_closed());
        waiting.push_back(turn);
        next
    }

    /// Who has waited longest in the network whose turn it is.
    fn next(&mut self) -> Option<oneshot::Sender<Rendering>> {
        loop {
            let network = self.turns.pop_front()?;
            let Some(waiting) = self.waiting.get_mut(&network) else { continue };
            let next = waiting.pop_front();
            if waiting.is_empty() {
                self.waiting.remove(&network);
            } else {
                self.turns.push_back(network);
            }
            if let Some(next) = next.filter(|next| !next.is_closed()) {
                return Some(next);
            }
        }
    }
}

fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    // Nothing panics while it is held.
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Rendering {
    fn drop(&mut self) {
        let Some(queue) = self.0.take() else { return };
        loop {
            let next = {
                let mut queue = lock(&queue);
                let Some(next) = queue.next() else {
                    queue.free += 1;
                    return;
                };
                next
            };
            match next.send(Self(Some(queue.clone()))) {
                Ok(()) => return,
                // Given up at this very moment: it is the next one's.
                Err(mut turn) => drop(turn.0.take()),
            }
        }
    }
}

impl fmt::Debug for Rendering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rendering")
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    fn address(number: u8) -> Option<Address> {
        Some(Address::of([10, 0, 0, number].into()))
    }

    #[tokio::test]
    async fn so_many_pages_are_made_at_once_and_who_waits_is_not_kept_for_ever() {
        let renders = Renders::new(Duration::from_millis(50));
        let mut turns = Vec::new();
        while let Some(turn) = renders.turn(address(1)).await {
            turns.push(turn);
            assert!(turns.len() <= 4_096, "there is an end");
        }
        assert_eq!(turns.len(), available_parallelism().map_or(1, |count| (count.get() - 1).max(1)));
        let renders = Renders { patience: PATIENCE, ..renders };
        let mut waiting = Box::pin(renders.turn(address(1)));
        assert!(waiting.as_mut().now_or_never().is_none(), "it waits");
        turns.pop();
        assert!(waiting.await.is_some(), "it is next");
    }

    #[tokio::test]
    async fn networks_take_turns_however_many_pages_one_asks_for() {
        let renders = Renders::with(1, PATIENCE);
        let made = renders.turn(address(1)).await.expect("nobody is before it");
        let mut greedy: Vec<_> = (0..100).map(|_| Box::pin(renders.turn(address(1)))).collect();
        for waiting in &mut greedy {
            assert!(waiting.as_mut().now_or_never().is_none());
        }
        let mut other = Box::pin(renders.turn(address(2)));
        assert!(other.as_mut().now_or_never().is_none());
        drop(made);
        // One of the hundred has waited longer.
        let first = greedy.remove(0).now_or_never().flatten().expect("its turn");
        assert!(greedy[0].as_mut().now_or_never().is_none(), "one at a time");
        drop(first);
        assert!(greedy[0].as_mut().now_or_never().is_none(), "not its turn");
        let second = other.now_or_never().flatten().expect("after one page, and not after a hundred");
        drop(second);
        assert!(greedy.remove(0).now_or_never().flatten().is_some(), "and the hundred go on");
    }

    #[tokio::test]
    async fn who_has_given_up_takes_nobody_s_turn() {
        let renders = Renders::with(1, PATIENCE);
        let made = renders.turn(address(1)).await.expect("nobody is before it");
        let mut gone = Box::pin(renders.turn(address(2)));
        let mut waiting = Box::pin(renders.turn(address(3)));
        assert!(gone.as_mut().now_or_never().is_none() && waiting.as_mut().now_or_never().is_none());
        drop(gone);
        drop(made);
        drop(waiting.now_or_never().flatten().expect("the next one's turn"));
        assert!(renders.turn(address(1)).now_or_never().flatten().is_some(), "and nothing is lost");
        assert!(lock(&renders.queue).waiting.is_empty(), "nothing is kept of who waits no more");
    }
}
