//! Messages, as members see them.

use serde::{Deserialize, Serialize};

use crate::{
    id::{ClientId, MessageId, Rev, RoomId, Seq},
    text::{MessageText, as_stored},
    time::UnixMillis,
    user::UserView,
};

/// The latest state of a message. A message that is shown is always replaced by one of a higher `rev`, never by a
/// lower one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageView {
    pub id: MessageId,
    pub room: RoomId,
    pub seq: Seq,
    /// The room's revision at which the message came to be as it is.
    pub rev: Rev,
    pub author: UserView,
    /// The sender's own name for the message, by which its other tabs know what is on its way.
    pub client_id: ClientId,
    pub sent_at: UnixMillis,
    pub body: Body,
}

/// What stands in a message's place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Body {
    /// Something said. `edited_at` is absent until the first edit.
    Text {
        #[serde(deserialize_with = "as_stored")]
        text: MessageText,
        edited_at: Option<UnixMillis>,
    },
    /// The tombstone of a deleted message: its text is gone from the database too.
    Deleted,
    /// The notice that the author joined the room.
    Joined,
    /// The notice that the author left the room.
    Left,
}
