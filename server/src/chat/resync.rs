//! Resync of slow consumers: they are subscribed again once they have caught up.

use std::time::Duration;

use tokio::{sync::mpsc::UnboundedReceiver, time::sleep_until};

use super::Chat;
use crate::publish::Lagging;

/// How long a socket gets to take in what waits for it before it is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// Subscribes each reported socket again after a pause, for as long as it is polled. The publisher then sends it the
/// last change of each room, from which it learns what it missed; if it is still full, it is reported again. A socket
/// that never takes anything in does not answer pings either, and so is closed. A socket outside is cut off in any case.
pub(super) async fn bring_back(chat: Chat, mut lagging: UnboundedReceiver<Lagging>) {
    // Reports come in the order of time and wait equally long, so the first is always the next to be due.
    while let Some(Lagging { user, socket, since }) = lagging.recv().await {
        sleep_until(since + PAUSE).await;
        if !socket.connected() {
            continue;
        }
        let Some(user) = user else {
            // No dialect has a way to learn what was missed.
            chat.0.parts.publisher.cut_outside(socket);
            continue;
        };
        if let Err(error) = chat.reconnect(user, socket).await {
            tracing::warn!(%error, user = user.0, "bringing back a socket that could not keep up");
        }
    }
}
