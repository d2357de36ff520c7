//! The options of a [`Client`](crate::Client).

use std::time::Duration;

use crate::Backoff;

/// A way to carry Engine.IO packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// One WebSocket.
    WebSocket,
    /// HTTP long-polling: a GET that the server answers when it has something, and POSTs.
    Polling,
}

impl Transport {
    /// The transport's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::WebSocket => "websocket",
            Self::Polling => "polling",
        }
    }
}

/// Which way a frame went, as seen from the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the server.
    In,
    /// To the server.
    Out,
}

/// Settings of a [`Client`](crate::Client).
#[derive(Debug, Clone)]
pub struct Options {
    /// The server's origin, such as `https://chat.example`. Empty: the page's own origin.
    pub url: String,
    /// The path at which the server listens.
    pub path: String,
    /// The transports, in the order in which they are tried. When polling is the one that works and WebSocket is
    /// listed too, the connection is upgraded as soon as WebSocket works.
    pub transports: Vec<Transport>,
    /// The waits between attempts to connect.
    pub backoff: Backoff,
    /// The waits between attempts to upgrade from polling, once WebSocket has failed.
    pub upgrade_backoff: Backoff,
    /// How long each transport, an upgrade, and each namespace may take to connect.
    pub connect_timeout: Duration,
    /// How long an ack is awaited, where a call does not say otherwise.
    pub ack_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            url: String::new(),
            path: "/socket.io".to_owned(),
            transports: vec![Transport::WebSocket, Transport::Polling],
            backoff: Backoff::default(),
            upgrade_backoff: Backoff {
                min: Duration::from_secs(5),
                max: Duration::from_secs(600),
                ..Backoff::default()
            },
            connect_timeout: Duration::from_secs(10),
            ack_timeout: Duration::from_secs(10),
        }
    }
}
