//! A socket's requests, worked off in the order in which they came.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::{FutureExt, future::BoxFuture};
use madang_common::limits::FRAME_BYTES;
use tokio::sync::{
    OwnedSemaphorePermit, Semaphore,
    mpsc::{self, error::TrySendError},
};

/// Requests of one socket that may wait.
const QUEUE: usize = 256;
/// Bytes of one socket's requests that may wait. A request of a few small values takes sixteen times its bytes.
const QUEUE_BYTES: usize = 2 * FRAME_BYTES;

/// Where a socket's requests wait; a cheap handle.
#[derive(Clone)]
pub(crate) struct Queue {
    requests: mpsc::Sender<(BoxFuture<'static, ()>, OwnedSemaphorePermit)>,
    bytes: Arc<Semaphore>,
}

/// The socket sends faster than it is served.
pub(crate) struct Full;

impl Queue {
    /// A queue whose worker goes on until it is empty and all handles to it are gone.
    pub(crate) fn new() -> Self {
        let (requests, mut waiting) = mpsc::channel::<(BoxFuture<'static, ()>, OwnedSemaphorePermit)>(QUEUE);
        tokio::spawn(async move {
            while let Some((request, _bytes)) = waiting.recv().await {
                // A panic is a bug, which the panic hook reports; the requests behind it are to be served all the same.
                if AssertUnwindSafe(request).catch_unwind().await.is_err() {
                    tracing::error!("a request panicked and was not answered");
                }
            }
        });
        Self { requests, bytes: Arc::new(Semaphore::new(QUEUE_BYTES)) }
    }

    /// Puts a request that came as so many bytes behind those that wait, without waiting itself.
    pub(crate) fn push(&self, request: BoxFuture<'static, ()>, bytes: usize) -> Result<(), Full> {
        let bytes = u32::try_from(bytes).map_err(|_| Full)?;
        let room = self.bytes.clone().try_acquire_many_owned(bytes).map_err(|_| Full)?;
        match self.requests.try_send((request, room)) {
            Ok(()) => Ok(()),
            // Closed: the runtime is being shut down.
            Err(TrySendError::Full(_) | TrySendError::Closed(_)) => Err(Full),
        }
    }
}
