//! `message.*`: posting, editing and deleting messages.

use serde::{Deserialize, Serialize};

use super::ClientEvent;
use crate::{
    id::{ClientId, MessageId, RoomId},
    message::MessageView,
    text::MessageText,
};

/// `message.post`: says something in a room. Sending it again with the same `client_id` answers with the message
/// that was stored the first time, as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    pub room: RoomId,
    pub client_id: ClientId,
    pub text: MessageText,
}

impl ClientEvent for Post {
    const NAME: &'static str = "message.post";
    type Reply = MessageView;
}

/// `message.edit`: gives one's own message another text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    pub message: MessageId,
    pub text: MessageText,
}

impl ClientEvent for Edit {
    const NAME: &'static str = "message.edit";
    type Reply = MessageView;
}

/// `message.delete`: takes one's own message back; a tombstone stays. Deleting it again changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delete {
    pub message: MessageId,
}

impl ClientEvent for Delete {
    const NAME: &'static str = "message.delete";
    type Reply = MessageView;
}
