//! Wire observation: the frames and connection events that observers receive.

use std::cell::Cell;

use crate::{Direction, Transport};

/// Something on the wire, as it happens; see [`Client::on_wire`](crate::Client::on_wire). The life of a transport is
/// [`Connecting`](Self::Connecting), then [`Open`](Self::Open) if the server answers, frames, and
/// [`Closed`](Self::Closed). An upgrade from polling shows as the life of a second transport that begins before the
/// first one ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire<'a> {
    /// The browser makes the first request: for WebSocket, the one that asks for the change of protocol (RFC 6455,
    /// section 1.3).
    Connecting { transport: Transport },
    /// The server has agreed.
    Open { transport: Transport },
    /// An Engine.IO packet, exactly as it is sent. Binary packets are only mentioned.
    Frame { direction: Direction, transport: Transport, text: &'a str },
    /// The transport has ended, by whichever side, or was never open.
    Closed { transport: Transport },
}

/// Which transports have been told to be connecting or open, so that each is told to be closed exactly once.
#[derive(Default)]
pub(crate) struct Told {
    websocket: Cell<bool>,
    polling: Cell<bool>,
}

impl Told {
    /// Notes whether the transport is in use; says whether that is news.
    pub(crate) fn note(&self, transport: Transport, in_use: bool) -> bool {
        let cell = match transport {
            Transport::WebSocket => &self.websocket,
            Transport::Polling => &self.polling,
        };
        cell.replace(in_use) != in_use
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_told_once_for_each_beginning() {
        let told = Told::default();
        assert!(!told.note(Transport::WebSocket, false));
        assert!(told.note(Transport::WebSocket, true));
        assert!(told.note(Transport::Polling, true));
        assert!(told.note(Transport::WebSocket, false));
        assert!(!told.note(Transport::WebSocket, false));
        assert!(told.note(Transport::Polling, false));
    }
}
