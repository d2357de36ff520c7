//! Noting what has been read, and telling the server now and then.

use std::{cell::Cell, time::Duration};

use leptos::{ev, prelude::*, task::spawn_local};
use madang_common::{
    event::room::Read,
    id::{RoomId, Seq},
    room::Membership,
};

use super::{
    super::Chat,
    rooms, visible,
    wire::{self, Failure},
};

/// How long more may be read before the server is told, in milliseconds.
const GATHER: u64 = 300;
/// When to tell it again to a server that did not say when.
const BUSY: Duration = Duration::from_secs(5);

thread_local! {
    /// What has been read and the server has not been told.
    static UNTOLD: Cell<Option<(RoomId, Seq)>> = const { Cell::new(None) };
    static GATHERING: Cell<bool> = const { Cell::new(false) };
}

pub(in crate::live) fn read(chat: Chat, seq: Seq) {
    let Some(room) = chat.open.with_untracked(|open| open.as_ref().map(|open| open.room.id)) else { return };
    let before = match UNTOLD.get() {
        Some((untold, before)) if untold == room => before,
        _ => chat.rooms.with_untracked(|rooms| {
            rooms.by_id(room).and_then(|summary| summary.membership).map_or(Seq(0), |membership| membership.read)
        }),
    };
    if seq > before {
        // Of a room that was left a moment ago the last word may go unread; the one after it catches up.
        UNTOLD.set(Some((room, seq)));
        flush(chat);
    }
}

/// What could not be seen while the page was hidden has been seen once it is shown.
pub(super) fn watch(chat: Chat) {
    let told = window_event_listener(ev::visibilitychange, move |_| flush(chat));
    // For as long as the page lives.
    std::mem::forget(told);
}

/// Tells the server, in a moment.
pub(super) fn flush(chat: Chat) {
    let Some((room, seq)) = UNTOLD.get().filter(|_| visible()) else { return };
    // The badge need not wait for the server.
    let all = chat.open.with_untracked(|open| {
        open.as_ref().is_some_and(|open| open.room.id == room && open.timeline.last().is_some_and(|last| last <= seq))
    });
    rooms::change(chat, |rooms| {
        let known = rooms.by_id(room).and_then(|summary| summary.membership);
        if let Some(known) = known.filter(|known| all && known.read < seq) {
            rooms.set_membership(room, Membership { read: seq, unread: 0, ..known });
        }
    });
    if !GATHERING.replace(true) {
        set_timeout(
            move || {
                GATHERING.set(false);
                spawn_local(tell(chat));
            },
            Duration::from_millis(GATHER),
        );
    }
}

async fn tell(chat: Chat) {
    if !visible() {
        return;
    }
    let Some((room, read)) = UNTOLD.take() else { return };
    match wire::send(chat, Read { room, read }).await {
        Ok(membership) => rooms::take_membership(chat, room, membership),
        // Not a member any more, or no such room: there is nothing to be read.
        Err(Failure::Fault(fault)) if !fault.code.is_passing() => {}
        Err(failure) => {
            if UNTOLD.get().is_none() {
                UNTOLD.set(Some((room, read)));
            }
            // Without a connection it is told when there is one again. A server that is busy has to be asked once more.
            if let Failure::Fault(fault) = failure {
                let wait = fault.again_in.map_or(BUSY, |millis| Duration::from_millis(millis.into()));
                set_timeout(move || flush(chat), wait);
            }
        }
    }
}
