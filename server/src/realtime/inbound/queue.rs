//! A socket's in-order queue of requests.

use std::{
    collections::VecDeque,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::{FutureExt, future::BoxFuture};
use madang_common::{
    fault::{Fault, FaultCode},
    limits::FRAME_BYTES,
};
use tokio_util::task::TaskTracker;

/// Requests of one socket that may wait.
const QUEUE: usize = 256;
/// Bytes of one socket's requests that may wait. A request of a few small values takes sixteen times its bytes.
const QUEUE_BYTES: usize = 2 * FRAME_BYTES;

/// Where a socket's requests wait; a cheap handle.
#[derive(Clone)]
pub(crate) struct Queue(Arc<Inner>);

struct Inner {
    waiting: Mutex<Waiting>,
    underway: TaskTracker,
}

#[derive(Default)]
struct Waiting {
    requests: VecDeque<QueuedRequest>,
    /// Of all that are not done.
    bytes: usize,
    /// A task serves them, until there are none left: most sockets are silent most of the time.
    is_served: bool,
}

/// A request, and as how many bytes it came.
struct QueuedRequest {
    request: BoxFuture<'static, ()>,
    bytes: usize,
}

/// Why a request is not taken.
pub(crate) enum NotTaken {
    /// The socket sends faster than it is served.
    Full,
    /// The server stops.
    Stopping,
}

impl Queue {
    /// A queue whose requests are counted in `underway`; none are taken once that is closed.
    pub(crate) fn new(underway: &TaskTracker) -> Self {
        Self(Arc::new(Inner { waiting: Mutex::default(), underway: underway.clone() }))
    }

    /// Puts a request that came as so many bytes behind those that wait, without waiting itself.
    pub(crate) fn push(
        &self,
        request: impl Future<Output = ()> + Send + 'static,
        bytes: usize,
    ) -> Result<(), NotTaken> {
        if self.0.underway.is_closed() {
            return Err(NotTaken::Stopping);
        }
        let mut waiting = self.0.lock();
        if waiting.requests.len() >= QUEUE || waiting.bytes.saturating_add(bytes) > QUEUE_BYTES {
            return Err(NotTaken::Full);
        }
        // Counted from here on, wherever it is dropped.
        let request = Box::pin(self.0.underway.track_future(request));
        waiting.requests.push_back(QueuedRequest { request, bytes });
        waiting.bytes += bytes;
        if !std::mem::replace(&mut waiting.is_served, true) {
            tokio::spawn(serve(self.0.clone()));
        }
        Ok(())
    }
}

/// Serves what waits, one after another, until nothing does.
async fn serve(queue: Arc<Inner>) {
    while let Some(QueuedRequest { request, bytes }) = queue.next() {
        // A panic is a bug, which the panic hook reports; the requests behind it are to be served all the same.
        if AssertUnwindSafe(request).catch_unwind().await.is_err() {
            tracing::error!("a request panicked and was not answered");
        }
        queue.lock().bytes -= bytes;
    }
}

impl Inner {
    /// The next request, if there is one; otherwise whoever serves them has done so.
    fn next(&self) -> Option<QueuedRequest> {
        let mut waiting = self.lock();
        let next = waiting.requests.pop_front();
        if next.is_none() {
            // With what it had room for.
            *waiting = Waiting::default();
        }
        next
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing panics while it is held.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<NotTaken> for Fault {
    fn from(reason: NotTaken) -> Self {
        match reason {
            NotTaken::Full => Self::new(FaultCode::TooBusy, "Too many requests are waiting. Please try again later."),
            NotTaken::Stopping => {
                Self::new(FaultCode::Unavailable, "The server is about to stop. Please try again in a moment.")
            }
        }
    }
}
