//! Handlers of `session.*`.

use madang_common::event::session::{Hello, HelloReply};

use crate::{
    chat::{Actor, Chat},
    error::Refusal,
};

pub(super) async fn hello(chat: Chat, actor: Actor, _: Hello) -> Result<HelloReply, Refusal> {
    chat.hello(actor.user()?).await
}
