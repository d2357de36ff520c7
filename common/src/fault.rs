//! Why a request was refused.

use serde::{Deserialize, Serialize};

/// A refusal: a code for programs and a sentence that a person may read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    pub code: FaultCode,
    pub message: String,
}

/// What kind of refusal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultCode {
    /// The payload could not be read; the message says what is wrong with it.
    Malformed,
    /// No event has this name.
    UnknownEvent,
    /// The session is missing, over, or holds no name any more.
    NotSignedIn,
    /// Nothing is there under this id.
    NotFound,
    /// Only members of the room may do this.
    NotAMember,
    /// Only the author may do this.
    NotYours,
    /// The message has been deleted.
    Deleted,
    /// Someone present has this name.
    NameTaken,
    /// A room of this name exists.
    RoomExists,
    /// Everyone stays in the lobby.
    LobbyStays,
    /// The operator has switched this off.
    SwitchedOff,
    /// The socket sends faster than it is served; nothing was done, try again later.
    TooBusy,
    /// The server could not do it now; nothing was stored.
    Unavailable,
}

impl Fault {
    /// A fault with the sentence of its own.
    #[must_use]
    pub fn new(code: FaultCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl FaultCode {
    /// Whether the same request may succeed later without being changed.
    #[must_use]
    pub fn is_passing(self) -> bool {
        matches!(self, Self::TooBusy | Self::Unavailable)
    }
}
