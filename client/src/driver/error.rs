//! What may go wrong.

use std::{path::PathBuf, time::Duration};

use madang_common::fault::Fault;

/// Why something that a program wanted did not come about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// This is no address of a server.
    #[error("{0}")]
    Address(String),
    /// The server can't be reached, or the connection to it has ended.
    #[error("no connection to the server: {0}")]
    Unreachable(String),
    /// The server took too long.
    #[error("the server has not answered within {0:?}")]
    Silent(Duration),
    /// What came is not what Madang says.
    #[error("this is not a Madang server, or one of another version: {0}")]
    NotMadang(String),
    /// The server, or a proxy before it, answered with a status other than the one that was awaited.
    #[error("the server answered with status {0}")]
    Status(u16),
    /// The name was refused: `blank`, `too_long`, `forbidden_character` or `name_taken`.
    #[error("the server does not let anyone in under this name: {0}")]
    NameRefused(String),
    /// The server refused the request.
    #[error("{0}")]
    Fault(#[from] Fault),
    /// The session is over. What is unsent stays in the outbox.
    #[error("the session is over")]
    Ended,
    /// The client has been closed. What is unsent stays in the outbox.
    #[error("the client has been closed")]
    Closed,
    /// The file that was to be the outbox can't be that. It is left as it is.
    #[error("{} cannot be the outbox: {why}", path.display())]
    Outbox { path: PathBuf, why: String },
    /// The outbox's file could not be written. What is unsent is in memory alone.
    #[error("what is unsent could not be written to {}: {why}", path.display())]
    Unwritten { path: PathBuf, why: String },
    /// The client's task panicked, an [`Observer`](super::Observer) say. What is unsent is in the outbox as it was written
    /// last.
    #[error("the client's task panicked")]
    Panicked,
    /// This client follows the room already.
    #[error("this room is followed already")]
    FollowedAlready,
}
