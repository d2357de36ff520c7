//! A plain WebSocket's subscription to what is published.

use super::Chat;
use crate::{
    net::websocket::{self, WsReceiver, WsSender},
    publish::Publisher,
};

/// A plain WebSocket that may hear something. When this is dropped, it hears nothing any more.
pub(crate) struct Subscriber {
    publisher: Publisher,
    sender: WsSender,
}

impl Subscriber {
    /// The sending end.
    pub(crate) fn sender(&self) -> &WsSender {
        &self.sender
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        self.publisher.forget(&self.sender);
    }
}

impl Chat {
    /// A place for a new WebSocket, for which up to `capacity` frames may wait. It hears nothing yet.
    pub(crate) fn subscriber(&self, capacity: usize) -> (Subscriber, WsReceiver) {
        let (sender, waiting) = websocket::queue(capacity);
        (Subscriber { publisher: self.0.parts.publisher.clone(), sender }, waiting)
    }
}
