//! Observations of a connection: frames sent and received, connects and disconnects.

use super::meaning::Meaning;

/// Which way a frame went, as seen from the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    In,
    Out,
}

/// What carries the frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A WebSocket under Socket.IO.
    WebSocket,
    /// HTTP long-polling under Socket.IO.
    Polling,
    /// A WebSocket with nothing on it but text.
    Plain,
}

/// Something that happened on the connection.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// The browser asks the server for a connection.
    Connecting(Carrier),
    /// The server has agreed.
    Open(Carrier),
    Frame {
        direction: Direction,
        carrier: Carrier,
        /// Exactly as it is sent.
        raw: String,
        meaning: Meaning,
    },
    /// It is over; with the code of the close frame where there is one (RFC 6455, section 7.4).
    Closed(Carrier, Option<u16>),
}

impl Seen {
    /// A frame, with its meaning worked out.
    #[must_use]
    pub fn frame(direction: Direction, carrier: Carrier, raw: &str) -> Self {
        let meaning = match carrier {
            Carrier::Plain => Meaning::Text,
            Carrier::WebSocket | Carrier::Polling => Meaning::of(raw, direction),
        };
        Self::Frame { direction, carrier, raw: raw.to_owned(), meaning }
    }
}
