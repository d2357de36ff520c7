//! Messages: posting, editing and deleting.

use madang_common::{
    event::room::ReadChanged,
    fault::FaultCode,
    id::{ClientId, MessageId, RoomId, UserId},
    message::{Body, MessageView},
    room::Membership,
    text::MessageText,
};

use super::{
    Chat,
    commit::{Change, Command},
    message::next::write_message,
    require_member, require_session,
};
use crate::{
    error::Refusal,
    publish::{Notice, guests::LobbyMessage},
    store::{members, messages, rooms},
};

pub(crate) mod next;

impl Chat {
    /// Says something in a room. The same `client_id` again, in whatever room, answers with the message that was
    /// stored the first time, as it is now.
    ///
    /// # Errors
    /// `NotFound`, `NotAMember`.
    pub async fn post(
        &self,
        user: UserId,
        room: RoomId,
        client_id: ClientId,
        text: MessageText,
    ) -> Result<MessageView, Refusal> {
        let message = self.0.parts.committer.commit(Post { user, room, client_id, text }).await?;
        if let Some(stopped) = self.0.parts.typing.clear(room, user) {
            self.0.parts.publisher.typing(&stopped).await;
        }
        Ok(message)
    }

    /// Gives one's own message another text.
    ///
    /// # Errors
    /// `NotFound`, which is also what anyone outside the room is told; `NotYours`; `Deleted`.
    pub async fn edit(&self, user: UserId, message: MessageId, text: MessageText) -> Result<MessageView, Refusal> {
        self.0.parts.committer.commit(Edit { user, message, text }).await
    }

    /// Takes one's own message back; again changes nothing.
    ///
    /// # Errors
    /// `NotFound`, which is also what anyone outside the room is told; `NotYours`.
    pub async fn delete(&self, user: UserId, message: MessageId) -> Result<MessageView, Refusal> {
        self.0.parts.committer.commit(Delete { user, message }).await
    }
}

pub(super) struct Post {
    pub(super) user: UserId,
    pub(super) room: RoomId,
    pub(super) client_id: ClientId,
    pub(super) text: MessageText,
}

impl Command for Post {
    type Reply = MessageView;
    const GROWS: bool = true;

    async fn run(&self, change: &mut Change<'_>) -> Result<MessageView, Refusal> {
        let member = require_member(change.conn, self.room, self.user).await?;
        if let Some(first) = messages::by_client_id(change.conn, self.user, self.client_id).await? {
            return Ok(first);
        }
        let body = Body::Text { text: self.text.clone(), edited_at: None };
        let message = write_message(change, self.room, &member.user, self.client_id, body).await?;
        if self.room == change.lobby {
            change.effects.say(LobbyMessage { message: message.clone(), from: None, _untold: None });
        }
        // Who answers has read what came before.
        members::read_up_to(change.conn, self.room, self.user, message.seq).await?;
        if member.read.0 + 1 < message.seq.0 {
            let membership = Membership { read: message.seq, unread: 0, rev: message.rev };
            change.effects.notice(Notice::Read(self.user, ReadChanged { room: self.room, membership }));
        }
        Ok(message)
    }
}

pub(super) struct Edit {
    pub(super) user: UserId,
    pub(super) message: MessageId,
    pub(super) text: MessageText,
}

impl Command for Edit {
    type Reply = MessageView;
    const GROWS: bool = true;

    async fn run(&self, change: &mut Change<'_>) -> Result<MessageView, Refusal> {
        let message = own_message(change, self.user, self.message).await?;
        match &message.body {
            Body::Text { text, .. } if *text == self.text => Ok(message),
            Body::Text { .. } => {
                let body = Body::Text { text: self.text.clone(), edited_at: Some(change.now) };
                rewrite(change, message, body).await
            }
            _ => Err(Refusal::fault(FaultCode::Deleted, "This message has been deleted.")),
        }
    }
}

pub(super) struct Delete {
    pub(super) user: UserId,
    pub(super) message: MessageId,
}

impl Command for Delete {
    type Reply = MessageView;

    async fn run(&self, change: &mut Change<'_>) -> Result<MessageView, Refusal> {
        let message = own_message(change, self.user, self.message).await?;
        if message.body == Body::Deleted { Ok(message) } else { rewrite(change, message, Body::Deleted).await }
    }
}

/// What `user` said and may change. A notice is the server's word, not theirs.
async fn own_message(change: &mut Change<'_>, user: UserId, id: MessageId) -> Result<MessageView, Refusal> {
    require_session(change.conn, user).await?;
    // Outside the room a message that exists must look like one that does not: ids are easy to guess.
    let message = messages::get_as_member(change.conn, id, user).await?;
    let message = message.ok_or_else(|| Refusal::fault(FaultCode::NotFound, "There is no such message for you."))?;
    if message.author.id == user && matches!(message.body, Body::Text { .. } | Body::Deleted) {
        Ok(message)
    } else {
        Err(Refusal::fault(FaultCode::NotYours, "Only the author may do this."))
    }
}

async fn rewrite(change: &mut Change<'_>, mut message: MessageView, body: Body) -> Result<MessageView, Refusal> {
    message.rev = rooms::next_rev(change.conn, message.room).await?;
    message.body = body;
    messages::update(change.conn, message.id, message.rev, &message.body).await?;
    change.effects.change(message.clone());
    Ok(message)
}
