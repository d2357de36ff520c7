//! A socket's requests, worked off in the order in which they came.

use std::panic::AssertUnwindSafe;

use futures_util::{FutureExt, future::BoxFuture};
use tokio::sync::mpsc::{self, error::TrySendError};

/// Requests of one socket that may wait.
const QUEUE: usize = 256;

/// Where a socket's requests wait; a cheap handle.
#[derive(Clone)]
pub(crate) struct Queue(mpsc::Sender<BoxFuture<'static, ()>>);

/// The socket sends faster than it is served.
pub(crate) struct Full;

impl Queue {
    /// A queue whose worker goes on until it is empty and all handles to it are gone.
    pub(crate) fn new() -> Self {
        let (queue, mut waiting) = mpsc::channel::<BoxFuture<'static, ()>>(QUEUE);
        tokio::spawn(async move {
            while let Some(request) = waiting.recv().await {
                // A panic is a bug, which the panic hook reports; the requests behind it are to be served all the same.
                if AssertUnwindSafe(request).catch_unwind().await.is_err() {
                    tracing::error!("a request panicked and was not answered");
                }
            }
        });
        Self(queue)
    }

    /// Puts a request behind those that wait, without waiting itself.
    pub(crate) fn push(&self, request: BoxFuture<'static, ()>) -> Result<(), Full> {
        match self.0.try_send(request) {
            Ok(()) => Ok(()),
            // Closed: the runtime is being shut down.
            Err(TrySendError::Full(_) | TrySendError::Closed(_)) => Err(Full),
        }
    }
}
