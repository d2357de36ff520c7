//! Faults: why a request was refused.

use serde::{Deserialize, Serialize};

/// A refusal: a code for programs and a sentence that a person may read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    pub code: FaultCode,
    pub message: String,
    /// After how many milliseconds the same request may be granted; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again_in: Option<u32>,
}

/// What kind of refusal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultCode {
    /// The payload could not be read; the message says what is wrong with it.
    Malformed,
    /// A name has a character that cannot be seen, or that nobody knows.
    ForbiddenCharacter,
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
    /// There are as many rooms as the operator lets there be.
    TooManyRooms,
    /// One is in as many rooms as one person may be.
    InTooManyRooms,
    /// Everyone stays in the lobby.
    LobbyStays,
    /// The operator has switched this off.
    SwitchedOff,
    /// The socket sends faster than it is served; nothing was done, try again later.
    TooBusy,
    /// It was done too often lately; nothing was done. `again_in` says when it may be tried again.
    TooOften,
    /// The server could not do it now; nothing was stored.
    Unavailable,
}

impl Fault {
    /// A fault with the sentence of its own.
    #[must_use]
    pub fn new(code: FaultCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), again_in: None }
    }

    /// The same, with the milliseconds after which it may be tried again.
    #[must_use]
    pub fn again_in(self, millis: u32) -> Self {
        Self { again_in: Some(millis), ..self }
    }
}

impl FaultCode {
    /// Whether the same request may succeed later without being changed.
    #[must_use]
    pub fn is_passing(self) -> bool {
        matches!(self, Self::TooBusy | Self::TooOften | Self::Unavailable)
    }
}
