//! `session.*`: the session and user of a socket.

use serde::{Deserialize, Serialize};

use super::{ClientEvent, ServerEvent};
use crate::{room::RoomSummary, user::UserView};

/// `session.hello`: asked first on every connection. Answers who one is and which rooms there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {}

/// The answer to [`Hello`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelloReply {
    pub me: UserView,
    /// All rooms, in the order of their names, the lobby first.
    pub rooms: Vec<RoomSummary>,
}

impl ClientEvent for Hello {
    const NAME: &'static str = "session.hello";
    type Reply = HelloReply;
}

/// `session.ended`: the person left, here or in another tab; the server closes the connection next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {}

impl ServerEvent for Ended {
    const NAME: &'static str = "session.ended";
}
