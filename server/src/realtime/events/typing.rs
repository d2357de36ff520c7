//! Handlers of `typing.*`.

use madang_common::event::{
    Done,
    typing::{Start, Stop},
};

use crate::{
    chat::{Actor, Chat},
    error::Refusal,
};

pub(super) async fn start(chat: Chat, actor: Actor, event: Start) -> Result<Done, Refusal> {
    chat.start_typing(&actor, event.room).await.map(|()| Done {})
}

pub(super) async fn stop(chat: Chat, actor: Actor, event: Stop) -> Result<Done, Refusal> {
    chat.stop_typing(&actor, event.room).await.map(|()| Done {})
}
