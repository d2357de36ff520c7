//! Graceful shutdown: accepted changes are committed first, then clients are told when to reconnect.

use tokio_util::task::TaskTracker;

use super::Chat;

impl Chat {
    /// The requests of sockets that are being carried out. Once it is closed, no more are taken.
    pub(crate) fn underway(&self) -> &TaskTracker {
        &self.0.underway
    }

    /// Whether no more requests of sockets are taken.
    pub(crate) fn is_stopping(&self) -> bool {
        self.0.underway.is_closed()
    }

    /// Takes no more requests of sockets, and waits for the answers to those that it has taken, and until those outside
    /// have heard what was said.
    pub(crate) async fn finish(&self) {
        self.0.underway.close();
        self.0.underway.wait().await;
        self.0.parts.publisher.told_outsiders().await;
    }

    /// Tells everyone that the server leaves, and when to come back.
    pub(crate) fn announce_shutdown(&self) {
        self.0.parts.publisher.announce_shutdown();
    }
}
