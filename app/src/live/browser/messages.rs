//! Messages as they come in, and changes to one's own.

use std::cell::Cell;

use madang_client::timeline::{Applied, Timeline};
use madang_common::{
    event::{
        message::{Delete, Edit},
        room::{History, SyncReply},
    },
    fault::Fault,
    id::{MessageId, RoomId},
    message::MessageView,
    text::MessageText,
};

use super::{super::Chat, outbox, rooms, sync, wire};

/// Most messages that wait to be read out; of more than these only the last are worth it.
const HEARD: usize = 20;

thread_local! {
    static LOADING: Cell<bool> = const { Cell::new(false) };
}

/// Takes live changes of a room. Tells whether something before them is missing.
pub(super) fn take(chat: Chat, room: RoomId, changes: Vec<MessageView>) -> bool {
    if let Some(me) = chat.me.with_untracked(|me| me.as_ref().map(|me| me.id)) {
        rooms::change(chat, |rooms| rooms.hear(room, &changes, me));
    }
    rooms::hold_while_opening(room, &changes);
    apply(chat, room, |timeline| timeline.apply_live(changes))
}

/// Takes a page of `room.sync`. Tells whether to ask for another.
pub(super) fn take_sync(chat: Chat, room: RoomId, reply: SyncReply) -> bool {
    apply(chat, room, |timeline| timeline.apply_sync(reply))
}

/// Changes the timeline of a room, if it is the open one. What is no longer pending leaves the outbox in the same
/// breath, so that it is drawn neither twice nor not at all.
fn apply(chat: Chat, room: RoomId, change: impl FnOnce(&mut Timeline) -> Applied) -> bool {
    let mut applied = None;
    rooms::change_open(chat, room, |open| {
        let outcome = change(&mut open.timeline);
        for message in &outcome.new {
            open.typing.clear(message.author.id);
        }
        applied = Some(outcome);
    });
    outbox::settle(chat);
    let Some(Applied { mut new, gap }) = applied else { return false };
    let me = chat.me.with_untracked(|me| me.as_ref().map(|me| me.id));
    new.retain(|message| Some(message.author.id) != me);
    if !new.is_empty() {
        chat.heard.update(|heard| {
            heard.append(&mut new);
            heard.drain(..heard.len().saturating_sub(HEARD));
        });
    }
    gap
}

/// Takes the answer to a change of one's own.
pub(super) fn take_own(chat: Chat, message: MessageView) {
    if take(chat, message.room, vec![message]) {
        sync::soon(chat);
    }
}

pub(in crate::live) async fn edit(chat: Chat, message: MessageId, text: MessageText) -> Result<(), Fault> {
    take_own(chat, wire::send(chat, Edit { message, text }).await?);
    Ok(())
}

pub(in crate::live) async fn delete(chat: Chat, message: MessageId) -> Result<(), Fault> {
    take_own(chat, wire::send(chat, Delete { message }).await?);
    Ok(())
}

pub(in crate::live) async fn load_earlier(chat: Chat) -> Result<(), Fault> {
    if LOADING.get() {
        return Ok(());
    }
    let mut oldest = None;
    chat.open.maybe_update(|open| {
        oldest = open.as_mut().and_then(|open| Some((open.room.id, open.timeline.ask_history()?)));
        // Nothing that is drawn changes by that.
        false
    });
    let Some((room, before)) = oldest else { return Ok(()) };
    LOADING.set(true);
    let reply = wire::send(chat, History { room, before }).await;
    LOADING.set(false);
    let reply = reply?;
    rooms::change_open(chat, room, |open| {
        // The room may have been opened anew meanwhile.
        if open.timeline.first() == Some(before) {
            open.timeline.apply_history(reply);
        }
    });
    // Something that seemed unsent may be among them.
    outbox::settle(chat);
    Ok(())
}
