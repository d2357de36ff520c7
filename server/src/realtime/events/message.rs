//! Handlers of `message.*`.

use madang_common::{
    event::message::{Delete, Edit, Post},
    message::MessageView,
};

use crate::{
    chat::{Actor, Chat},
    error::Refusal,
};

pub(super) async fn post(chat: Chat, actor: Actor, event: Post) -> Result<MessageView, Refusal> {
    chat.post(actor.user()?, event.room, event.client_id, event.text).await
}

pub(super) async fn edit(chat: Chat, actor: Actor, event: Edit) -> Result<MessageView, Refusal> {
    chat.edit(actor.user()?, event.message, event.text).await
}

pub(super) async fn delete(chat: Chat, actor: Actor, event: Delete) -> Result<MessageView, Refusal> {
    chat.delete(actor.user()?, event.message).await
}
