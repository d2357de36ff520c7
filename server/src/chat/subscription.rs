//! A plain WebSocket's place among those that hear something.

use super::Chat;
use crate::{
    net::websocket::{self, Outlet, Waiting},
    publish::Publisher,
};

/// A plain WebSocket that may hear something. When this is dropped, it hears nothing any more.
pub(crate) struct Hearing {
    publisher: Publisher,
    outlet: Outlet,
}

impl Hearing {
    /// The sending end.
    pub(crate) fn outlet(&self) -> &Outlet {
        &self.outlet
    }
}

impl Drop for Hearing {
    fn drop(&mut self) {
        self.publisher.forget(&self.outlet);
    }
}

impl Chat {
    /// A place for a new WebSocket, for which up to `capacity` frames may wait. It hears nothing yet.
    pub(crate) fn hearing(&self, capacity: usize) -> (Hearing, Waiting) {
        let (outlet, waiting) = websocket::queue(capacity);
        (Hearing { publisher: self.0.parts.publisher.clone(), outlet }, waiting)
    }
}
