//! Who is writing: oneself, told to the others, and the others.

use std::cell::{Cell, RefCell};

use gloo_timers::callback::Timeout;
use madang_common::{
    event::typing::{Start, Stop, TypingChanged},
    id::RoomId,
    limits::{TYPING_EXPIRE_MS, TYPING_REPEAT_MS},
};

use super::{super::Chat, now, rooms, wire};

thread_local! {
    /// The room that has been told that one is writing, and when.
    static TOLD: Cell<Option<(RoomId, f64)>> = const { Cell::new(None) };
    /// Ends the writing of someone who has paused.
    static IDLE: RefCell<Option<Timeout>> = const { RefCell::new(None) };
    /// Ends the writing of others who have not been heard of.
    static EXPIRY: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

pub(in crate::live) fn typing(room: RoomId, typing: bool) {
    let told = TOLD.get();
    if !typing {
        IDLE.take();
        if let Some((room, _)) = TOLD.take() {
            wire::tell(Stop { room });
        }
        return;
    }
    if let Some((other, _)) = told
        && other != room
    {
        wire::tell(Stop { room: other });
    }
    let now = now();
    if told.is_none_or(|(other, at)| other != room || now - at >= TYPING_REPEAT_MS as f64) {
        TOLD.set(Some((room, now)));
        wire::tell(Start { room });
    }
    IDLE.set(Some(Timeout::new(TYPING_EXPIRE_MS as u32 - 1_000, move || self::typing(room, false))));
}

/// Somebody else started, goes on, or stopped.
pub(super) fn heard(chat: Chat, event: TypingChanged) {
    if chat.me.with_untracked(|me| me.as_ref().is_some_and(|me| me.id == event.user.id)) {
        return;
    }
    rooms::change_open(chat, event.room, |open| open.typing.set(event.user, event.typing, now()));
    expire(chat);
}

fn expire(chat: Chat) {
    let mut next = None;
    chat.open.maybe_update(|open| {
        let Some(open) = open else { return false };
        let before = open.typing.names().count();
        next = open.typing.expire(now());
        open.typing.names().count() != before
    });
    EXPIRY.set(next.map(|at| Timeout::new((at - now()).max(0.0) as u32 + 1, move || expire(chat))));
}
