//! WebSockets without Socket.IO: a bounded queue to the client, pings, and a close code for every end.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::extract::ws::Utf8Bytes;
use tokio::sync::mpsc::{self, error::TrySendError};
use tokio_util::sync::CancellationToken;

mod run;

pub(crate) use run::{Listener, run};

/// Why a WebSocket is closed: a code of RFC 6455, section 7.4, or of its registry, and a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Close {
    pub(crate) code: u16,
    pub(crate) reason: &'static str,
}

impl Close {
    /// The server stops.
    pub(crate) const GOING_AWAY: Self = Self { code: 1001, reason: "the server is going away" };
    /// The client breaks the protocol.
    pub(crate) const PROTOCOL: Self = Self { code: 1002, reason: "this is no WebSocket frame" };
    /// Binary data came.
    pub(crate) const NOT_TEXT: Self = Self { code: 1003, reason: "only text is read here" };
    /// A text came that is no UTF-8.
    pub(crate) const NOT_UTF8: Self = Self { code: 1007, reason: "this is no UTF-8" };
    /// A message came that is longer than a frame may be.
    pub(crate) const TOO_BIG: Self = Self { code: 1009, reason: "this is longer than a frame may be" };
    /// The client does not take in what waits for it; it may come back.
    pub(crate) const TOO_SLOW: Self = Self { code: 1013, reason: "too much is waiting; connect again" };
    /// The server cannot take it in now; it may come back.
    pub(crate) const NOT_NOW: Self = Self { code: 1013, reason: "the server cannot do this now; connect again" };
    /// The session is missing or over. Codes from 4000 on are an application's own.
    pub(crate) const NOT_SIGNED_IN: Self = Self { code: 4401, reason: "nobody is signed in here" };
}

/// The sending end of a WebSocket; a cheap handle.
#[derive(Clone, Debug)]
pub(crate) struct WsSender(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    id: u64,
    queue: mpsc::Sender<Outgoing>,
    cut: CancellationToken,
}

/// The other end of an [`WsSender`], to be [`run`] with the WebSocket.
pub(crate) struct WsReceiver {
    queue: mpsc::Receiver<Outgoing>,
    cut: CancellationToken,
}

#[derive(Debug)]
enum Outgoing {
    Text(Utf8Bytes),
    Close(Close),
}

/// As much waits for the client as may wait.
pub(crate) struct Full;

/// A queue in which up to `capacity` frames may wait.
pub(crate) fn queue(capacity: usize) -> (WsSender, WsReceiver) {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let (sender, queue) = mpsc::channel(capacity);
    let cut = CancellationToken::new();
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    (WsSender(Arc::new(Inner { id, queue: sender, cut: cut.clone() })), WsReceiver { queue, cut })
}

#[cfg(test)]
impl WsReceiver {
    /// The next frame, if one waits.
    pub(crate) fn take_frame(&mut self) -> Option<Utf8Bytes> {
        match self.queue.try_recv() {
            Ok(Outgoing::Text(text)) => Some(text),
            Ok(Outgoing::Close(_)) | Err(_) => None,
        }
    }
}

impl WsSender {
    /// Names the WebSocket for as long as the process runs.
    pub(crate) fn id(&self) -> u64 {
        self.0.id
    }

    /// Sends a frame, without waiting.
    ///
    /// # Errors
    /// [`Full`]: it is not sent. A closed WebSocket takes everything in: it is on its way out.
    pub(crate) fn send(&self, text: Utf8Bytes) -> Result<(), Full> {
        match self.0.queue.try_send(Outgoing::Text(text)) {
            Ok(()) | Err(TrySendError::Closed(_)) => Ok(()),
            Err(TrySendError::Full(_)) => Err(Full),
        }
    }

    /// Closes the WebSocket when it has taken in what waits.
    pub(crate) fn close(&self, close: Close) {
        if let Err(TrySendError::Full(_)) = self.0.queue.try_send(Outgoing::Close(close)) {
            self.cut();
        }
    }

    /// Closes the WebSocket now, because it is too slow.
    pub(crate) fn cut(&self) {
        self.0.cut.cancel();
    }
}
