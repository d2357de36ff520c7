//! A socket's in-order queue of requests.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::{FutureExt, future::BoxFuture};
use madang_common::{
    fault::{Fault, FaultCode},
    limits::FRAME_BYTES,
};
use tokio::sync::{
    OwnedSemaphorePermit, Semaphore,
    mpsc::{self, error::TrySendError},
};
use tokio_util::task::TaskTracker;

/// Requests of one socket that may wait.
const QUEUE: usize = 256;
/// Bytes of one socket's requests that may wait. A request of a few small values takes sixteen times its bytes.
const QUEUE_BYTES: usize = 2 * FRAME_BYTES;

/// Where a socket's requests wait; a cheap handle.
#[derive(Clone)]
pub(crate) struct Queue {
    waiting: mpsc::Sender<QueuedRequest>,
    bytes: Arc<Semaphore>,
    underway: TaskTracker,
}

/// A request, with the room that it takes until it is done.
struct QueuedRequest {
    request: BoxFuture<'static, ()>,
    _bytes: OwnedSemaphorePermit,
}

/// Why a request is not taken.
pub(crate) enum NotTaken {
    /// The socket sends faster than it is served.
    Full,
    /// The server stops.
    Stopping,
}

impl Queue {
    /// A queue whose worker goes on until it is empty and all handles to it are gone. Its requests are counted in
    /// `underway`, and none are taken once that is closed.
    pub(crate) fn new(underway: &TaskTracker) -> Self {
        let (queue, mut waiting) = mpsc::channel::<QueuedRequest>(QUEUE);
        tokio::spawn(async move {
            while let Some(QueuedRequest { request, _bytes }) = waiting.recv().await {
                // A panic is a bug, which the panic hook reports; the requests behind it are to be served all the same.
                if AssertUnwindSafe(request).catch_unwind().await.is_err() {
                    tracing::error!("a request panicked and was not answered");
                }
            }
        });
        Self { waiting: queue, bytes: Arc::new(Semaphore::new(QUEUE_BYTES)), underway: underway.clone() }
    }

    /// Puts a request that came as so many bytes behind those that wait, without waiting itself.
    pub(crate) fn push(
        &self,
        request: impl Future<Output = ()> + Send + 'static,
        bytes: usize,
    ) -> Result<(), NotTaken> {
        if self.underway.is_closed() {
            return Err(NotTaken::Stopping);
        }
        let bytes = u32::try_from(bytes).map_err(|_| NotTaken::Full)?;
        let bytes = self.bytes.clone().try_acquire_many_owned(bytes).map_err(|_| NotTaken::Full)?;
        // Counted from here on, wherever it is dropped.
        let request = Box::pin(self.underway.track_future(request));
        match self.waiting.try_send(QueuedRequest { request, _bytes: bytes }) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(_)) => Err(NotTaken::Full),
            // The runtime is being shut down.
            Err(TrySendError::Closed(_)) => Err(NotTaken::Stopping),
        }
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
