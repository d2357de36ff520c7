//! Rooms, as a client may see them.

use serde::{Deserialize, Serialize};

use crate::{
    id::{Rev, RoomId, Seq},
    message::MessageView,
    text::{RoomName, RoomSlug, RoomTopic, as_stored},
    user::Member,
};

/// The slug of the room that everyone is a member of, and the name that it has until it is given another.
pub const LOBBY: &str = "lobby";

/// A room by itself: what anyone who has joined Madang may know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomView {
    pub id: RoomId,
    pub slug: RoomSlug,
    #[serde(deserialize_with = "as_stored")]
    pub name: RoomName,
    #[serde(deserialize_with = "as_stored")]
    pub topic: RoomTopic,
}

impl RoomView {
    /// Whether this is the lobby under the name that nobody gave it: each language has its own word for that.
    #[must_use]
    pub fn is_plain_lobby(&self) -> bool {
        self.slug.as_str() == LOBBY && self.name.as_str() == LOBBY
    }
}

/// A row of the room list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSummary {
    pub room: RoomView,
    /// Present when the reader is a member.
    pub membership: Option<Membership>,
}

/// How far a member has come in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The last message that the member has read; 0 before the first.
    pub read: Seq,
    /// Messages of others after `read`, deleted ones and notices left out. At most
    /// [`UNREAD_COUNTED`](crate::limits::UNREAD_COUNTED), which stands for as many or more.
    pub unread: u32,
    /// The room's latest revision.
    pub rev: Rev,
}

/// A room as a member finds it: the latest page of messages and all that goes with it, at one revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSnapshot {
    pub room: RoomView,
    pub membership: Membership,
    /// Members, in the order of their names: all of them, or of a big room those who are there and those who were last
    /// seen.
    pub members: Vec<Member>,
    /// Whether there are more members than are listed.
    pub more_members: bool,
    /// The latest messages, in the order of `seq`.
    pub messages: Vec<MessageView>,
    /// Whether older messages exist.
    pub earlier: bool,
}
