//! Opening, entering and leaving rooms.

use std::cell::RefCell;

use leptos::task::spawn_local;
use madang_client::{members::Members, open_room::OpenRoom, rooms::Rooms};
use madang_common::{
    event::room::{Create, Join, Leave, Open},
    fault::{Fault, FaultCode},
    id::RoomId,
    message::MessageView,
    room::{Membership, RoomSnapshot, RoomSummary},
    text::{RoomName, RoomSlug, RoomTopic},
};

use super::{
    super::Chat,
    link::PAUSES,
    messages, outbox, pause, sync,
    wire::{self, Failure},
};

thread_local! {
    /// The room that the page's address names.
    static WANTED: RefCell<Option<RoomSlug>> = const { RefCell::new(None) };
    /// The room that has been asked for, and what it tells before the answer to that is here.
    static OPENING: RefCell<Option<(RoomId, Vec<MessageView>)>> = const { RefCell::new(None) };
}

pub(in crate::live) fn show(chat: Chat, slug: &RoomSlug) {
    WANTED.set(Some(slug.clone()));
    match chat.open.with_untracked(|open| open.as_ref().map(|open| open.room.slug == *slug)) {
        Some(true) => return,
        Some(false) => chat.open.set(None),
        None => {}
    }
    spawn_local(open_wanted(chat));
}

pub(in crate::live) async fn create_room(chat: Chat, name: RoomName, topic: RoomTopic) -> Result<RoomSlug, Fault> {
    let snapshot = wire::send(chat, Create { name, topic }).await?;
    let slug = snapshot.room.slug.clone();
    enter(chat, snapshot);
    Ok(slug)
}

pub(in crate::live) async fn join_room(chat: Chat, room: RoomId) -> Result<(), Fault> {
    let snapshot = wire::send(chat, Join { room }).await?;
    enter(chat, snapshot);
    Ok(())
}

pub(in crate::live) async fn leave_room(chat: Chat, room: RoomId) -> Result<(), Fault> {
    wire::send(chat, Leave { room }).await?;
    lost(chat, room);
    Ok(())
}

/// Changes the list of rooms.
pub(super) fn change(chat: Chat, change: impl FnOnce(&mut Rooms)) {
    chat.rooms.maybe_update(|rooms| {
        let before = rooms.clone();
        change(rooms);
        *rooms != before
    });
}

/// Takes word from the server how far one is in a room, unless what the page has heard or read since is newer.
pub(super) fn take_membership(chat: Chat, room: RoomId, membership: Membership) {
    change(chat, |rooms| {
        let known = rooms.by_id(room).and_then(|summary| summary.membership);
        if known.is_none_or(|known| membership.rev >= known.rev && membership.read >= known.read) {
            rooms.set_membership(room, membership);
        }
    });
}

/// Changes a room, if it is the open one.
pub(super) fn change_open(chat: Chat, room: RoomId, change: impl FnOnce(&mut OpenRoom)) {
    chat.open.maybe_update(|open| match open.as_mut().filter(|open| open.room.id == room) {
        Some(open) => {
            change(open);
            true
        }
        None => false,
    });
}

/// One joined or left a room, here or elsewhere.
pub(super) fn membership_changed(chat: Chat, summary: RoomSummary) {
    if summary.membership.is_none() {
        lost(chat, summary.room.id);
    }
    let awaited =
        summary.membership.is_some() && WANTED.with_borrow(|wanted| wanted.as_ref() == Some(&summary.room.slug));
    change(chat, |rooms| rooms.put(summary));
    if awaited && chat.open.with_untracked(Option::is_none) {
        spawn_local(open_wanted(chat));
    }
}

/// One is no longer a member of a room.
pub(super) fn lost(chat: Chat, room: RoomId) {
    change(chat, |rooms| {
        if let Some(summary) = rooms.by_id(room).cloned() {
            rooms.put(RoomSummary { membership: None, ..summary });
        }
    });
    if chat.open.with_untracked(|open| open.as_ref().is_some_and(|open| open.room.id == room)) {
        chat.open.set(None);
    }
}

/// A room is gone. Nobody is a member of it; this page may not have heard of that.
pub(super) fn removed(chat: Chat, room: RoomId) {
    lost(chat, room);
    change(chat, |rooms| rooms.remove(room));
}

/// After a pause in the link: opens the room that the page shows, or brings what isn't numbered in it (its members
/// and who of them is there) up to date. Its messages are brought up to date by `room.sync`.
pub(super) async fn refresh(chat: Chat) {
    let Some(room) = chat.open.with_untracked(|open| open.as_ref().map(|open| open.room.id)) else {
        return open_wanted(chat).await;
    };
    match wire::send(chat, Open { room }).await {
        Ok(snapshot) => change_open(chat, room, |open| {
            open.room = snapshot.room;
            open.members = Members::new(snapshot.members, snapshot.more_members);
        }),
        Err(Failure::Fault(fault)) if is_closed(&fault) => lost(chat, room),
        // A passing failure leaves the members as they were; the next connection asks again.
        Err(_) => {}
    }
}

/// Keeps what a room tells while it is being opened: the answer may have been read before and come after.
pub(super) fn hold_while_opening(room: RoomId, changes: &[MessageView]) {
    OPENING.with_borrow_mut(|opening| {
        if let Some((opening, held)) = opening
            && *opening == room
        {
            held.extend_from_slice(changes);
        }
    });
}

async fn open_wanted(chat: Chat) {
    let (mut wait, longest) = PAUSES;
    loop {
        let Some(slug) = WANTED.with_borrow(Clone::clone) else { return };
        let room = chat.rooms.with_untracked(|rooms| {
            rooms.by_slug(&slug).filter(|summary| summary.membership.is_some()).map(|summary| summary.room.id)
        });
        let Some(room) = room else { return };
        OPENING.set(Some((room, Vec::new())));
        match wire::send(chat, Open { room }).await {
            Ok(snapshot) => {
                if WANTED.with_borrow(|wanted| *wanted == Some(slug)) {
                    install(chat, snapshot);
                }
                return;
            }
            Err(Failure::Fault(fault)) if is_closed(&fault) => return lost(chat, room),
            // Asked for again once the link is back.
            Err(Failure::Disconnected) => return,
            Err(failure) => pause(failure.again_in().unwrap_or(wait)).await,
        }
        wait = (wait * 2).min(longest);
        if !wire::connected() || chat.open.with_untracked(Option::is_some) {
            return;
        }
    }
}

fn enter(chat: Chat, snapshot: RoomSnapshot) {
    WANTED.set(Some(snapshot.room.slug.clone()));
    let summary = RoomSummary { room: snapshot.room.clone(), membership: Some(snapshot.membership) };
    change(chat, |rooms| rooms.put(summary));
    install(chat, snapshot);
}

fn install(chat: Chat, snapshot: RoomSnapshot) {
    let (room, membership) = (snapshot.room.id, snapshot.membership);
    let held = OPENING.take().filter(|(opening, _)| *opening == room).map(|(_, held)| held).unwrap_or_default();
    chat.open.set(Some(OpenRoom::new(snapshot)));
    chat.check.maybe_update(|check| check.done.take().is_some());
    take_membership(chat, room, membership);
    if messages::take(chat, room, held) {
        spawn_local(sync::catch_up(chat));
    }
    outbox::settle(chat);
}

fn is_closed(fault: &Fault) -> bool {
    matches!(fault.code, FaultCode::NotAMember | FaultCode::NotFound)
}
