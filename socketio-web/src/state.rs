//! The connection state of a namespace.

use serde_json::Value;

use crate::Transport;

/// The state of a [`Socket`](crate::Socket).
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// The link, or the namespace on it, is being connected.
    Connecting {
        /// 0 for the first attempt; after that, how many attempts have failed.
        attempt: u32,
    },
    /// Events go both ways.
    Connected {
        /// What carries them. Changes when the link is upgraded.
        transport: Transport,
    },
    /// The link is down, and will be tried again.
    Waiting {
        /// When it went down: milliseconds since 1970, by the browser's clock.
        since_ms: f64,
        /// When it is tried again, by the same clock.
        retry_at_ms: f64,
        /// Why it is down.
        reason: Reason,
    },
    /// The server refused the namespace. It is not tried again until [`Socket::connect`](crate::Socket::connect).
    Refused {
        /// What the server said; usually an object with a `message`.
        error: Value,
    },
    /// Not opened yet, or closed by this side.
    Closed,
}

/// Why a link went down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// No transport could connect in time.
    Unreachable,
    /// The connection broke.
    Lost,
    /// The server's heartbeat did not come.
    Silent,
    /// The browser reported that the machine is offline.
    Offline,
    /// The server closed the connection.
    ServerClosed,
    /// The server disconnected the namespace.
    ServerDisconnected,
    /// The server did not answer the request to connect to the namespace.
    NamespaceSilent,
    /// The server does not keep to the protocol.
    Protocol,
}

impl Reason {
    /// A short name for logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Lost => "lost",
            Self::Silent => "silent",
            Self::Offline => "offline",
            Self::ServerClosed => "server closed",
            Self::ServerDisconnected => "server disconnected",
            Self::NamespaceSilent => "namespace silent",
            Self::Protocol => "protocol",
        }
    }
}
