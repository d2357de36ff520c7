//! `typing.*`: typing indicators. Never stored, never retried.

use serde::{Deserialize, Serialize};

use super::{ClientEvent, Done, ServerEvent};
use crate::{id::RoomId, user::UserView};

/// `typing.start`: one is writing. Repeated while it goes on, see [`crate::limits::TYPING_REPEAT_MS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    pub room: RoomId,
}

impl ClientEvent for Start {
    const NAME: &'static str = "typing.start";
    type Reply = Done;
}

/// `typing.stop`: one has stopped writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    pub room: RoomId,
}

impl ClientEvent for Stop {
    const NAME: &'static str = "typing.stop";
    type Reply = Done;
}

/// `typing.changed`: another member started or stopped writing. It lapses after
/// [`crate::limits::TYPING_EXPIRE_MS`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypingChanged {
    pub room: RoomId,
    pub user: UserView,
    pub typing: bool,
}

impl ServerEvent for TypingChanged {
    const NAME: &'static str = "typing.changed";
}
