//! The link as the server's first render has it: none. Nothing here is ever called while rendering; requests come
//! from effects and from what a person does, and neither happens on the server.

use madang_common::{
    fault::Fault,
    id::{ClientId, MessageId, RoomId, Seq},
    text::{MessageText, RoomName, RoomSlug, RoomTopic},
};

use super::Chat;

pub(super) fn start(_: Chat) {}

pub(super) fn show(_: Chat, _: &RoomSlug) {}

pub(super) fn say(_: Chat, _: RoomId, _: MessageText) {}

pub(super) fn retry(_: Chat, _: ClientId) {}

pub(super) fn discard(_: Chat, _: ClientId) {}

pub(super) async fn edit(_: Chat, _: MessageId, _: MessageText) -> Result<(), Fault> {
    std::future::pending().await
}

pub(super) async fn delete(_: Chat, _: MessageId) -> Result<(), Fault> {
    std::future::pending().await
}

pub(super) async fn load_earlier(_: Chat) -> Result<(), Fault> {
    std::future::pending().await
}

pub(super) fn read(_: Chat, _: Seq) {}

pub(super) fn typing(_: RoomId, _: bool) {}

pub(super) async fn create_room(_: Chat, _: RoomName, _: RoomTopic) -> Result<RoomSlug, Fault> {
    std::future::pending().await
}

pub(super) async fn join_room(_: Chat, _: RoomId) -> Result<(), Fault> {
    std::future::pending().await
}

pub(super) async fn leave_room(_: Chat, _: RoomId) -> Result<(), Fault> {
    std::future::pending().await
}

pub(super) fn reconnect_now() {}

pub(super) fn draft(_: RoomId) -> String {
    String::new()
}

pub(super) fn keep_draft(_: RoomId, _: &str) {}
