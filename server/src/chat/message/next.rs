//! Appending to a room: its next message, whatever kind it is.

use madang_common::{
    id::{ClientId, MessageId, RoomId},
    message::{Body, MessageView},
    user::UserView,
};

use crate::{
    chat::commit::Change,
    error::Refusal,
    store::{messages, rooms},
};

/// Stores a message at the room's next seq and rev, for its members to hear of.
pub(crate) async fn write_message(
    change: &mut Change<'_>,
    room: RoomId,
    author: &UserView,
    client_id: ClientId,
    body: Body,
) -> Result<MessageView, Refusal> {
    let place = rooms::next_message(change.conn, room).await?;
    let mut message = MessageView {
        id: MessageId::default(),
        room,
        seq: place.seq(),
        rev: place.rev(),
        author: author.clone(),
        client_id,
        sent_at: change.now,
        body,
    };
    message.id = messages::insert(change.conn, &message).await?;
    change.effects.change(message.clone());
    Ok(message)
}

/// Stores the notice that `user` joined or left.
pub(crate) async fn write_notice(
    change: &mut Change<'_>,
    room: RoomId,
    user: &UserView,
    body: Body,
) -> Result<MessageView, Refusal> {
    let client_id = change.client_id();
    write_message(change, room, user, client_id, body).await
}
