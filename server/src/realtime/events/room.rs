//! Handlers of `room.*`.

use madang_common::{
    event::{
        Done,
        room::{
            Create, Digest, DigestReply, Head, HeadReply, History, HistoryReply, Join, Leave, Open, Read, Sync,
            SyncReply,
        },
    },
    room::{Membership, RoomSnapshot},
};

use crate::{
    chat::{Actor, Chat},
    error::Refusal,
    names,
};

pub(super) async fn create(chat: Chat, actor: Actor, event: Create) -> Result<RoomSnapshot, Refusal> {
    let (name, topic) = (names::room_name(event.name.as_str())?, names::room_topic(event.topic.as_str())?);
    chat.create_room(actor.user()?, name, topic).await
}

pub(super) async fn join(chat: Chat, actor: Actor, event: Join) -> Result<RoomSnapshot, Refusal> {
    chat.join_room(actor.user()?, event.room).await
}

pub(super) async fn leave(chat: Chat, actor: Actor, event: Leave) -> Result<Done, Refusal> {
    chat.leave_room(actor.user()?, event.room).await.map(|()| Done {})
}

pub(super) async fn open(chat: Chat, actor: Actor, event: Open) -> Result<RoomSnapshot, Refusal> {
    chat.open(actor.user()?, event.room).await
}

pub(super) async fn sync(chat: Chat, actor: Actor, event: Sync) -> Result<SyncReply, Refusal> {
    chat.sync(actor.user()?, event.room, event.since).await
}

pub(super) async fn head(chat: Chat, actor: Actor, _: Head) -> Result<HeadReply, Refusal> {
    chat.head(actor.user()?).await
}

pub(super) async fn history(chat: Chat, actor: Actor, event: History) -> Result<HistoryReply, Refusal> {
    chat.history(actor.user()?, event.room, event.before).await
}

pub(super) async fn digest(chat: Chat, actor: Actor, event: Digest) -> Result<DigestReply, Refusal> {
    chat.digest(actor.user()?, event.room, event.from).await
}

pub(super) async fn read(chat: Chat, actor: Actor, event: Read) -> Result<Membership, Refusal> {
    chat.mark_read(actor.user()?, event.room, event.read).await
}
