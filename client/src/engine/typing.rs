//! Typing: that one is writing, told to the others, and that others are.

use madang_common::{
    event::typing::{Start, Stop, TypingChanged},
    id::RoomId,
    limits::{TYPING_EXPIRE_MS, TYPING_REPEAT_MS},
};

use super::{Engine, timers::Due};
use crate::view::{Cells, ViewCell as _};

#[derive(Debug, Default)]
pub(super) struct State {
    /// The room that has been told that one is writing, and when.
    told: Option<(RoomId, f64)>,
}

impl<C: Cells> Engine<C> {
    /// Notes a key stroke in the composer, or that it was cleared; tells the others at most every few seconds.
    pub fn typing(&mut self, room: RoomId, typing: bool) {
        if !typing {
            return self.stop_typing();
        }
        if self.typing.told.is_some_and(|(other, _)| other != room) {
            self.stop_typing();
        }
        let repeat = TYPING_REPEAT_MS as f64;
        if self.typing.told.is_none_or(|(_, at)| self.now - at >= repeat) {
            self.typing.told = Some((room, self.now));
            self.tell(&Start { room });
        }
        self.timers.cancel(&Due::TypingIdle);
        self.wake_in(TYPING_EXPIRE_MS as u32 - 1_000, Due::TypingIdle);
    }

    pub(super) fn stop_typing(&mut self) {
        self.timers.cancel(&Due::TypingIdle);
        if let Some((room, _)) = self.typing.told.take() {
            self.tell(&Stop { room });
        }
    }

    /// Somebody else started, goes on, or stopped.
    pub(super) fn typing_changed(&mut self, event: TypingChanged) {
        if self.my_id() == Some(event.user.id) {
            return;
        }
        let now = self.now;
        self.change_open(event.room, |open| open.typing.set(event.user, event.typing, now));
        self.expire_typing();
    }

    /// Forgets those who have not been heard of for too long.
    pub(super) fn expire_typing(&mut self) {
        let now = self.now;
        let mut next = None;
        self.view.open.change(|open| {
            let Some(open) = open else { return false };
            let before = open.typing.names().count();
            next = open.typing.expire(now);
            open.typing.names().count() != before
        });
        self.timers.cancel(&Due::TypingExpiry);
        if let Some(at) = next {
            self.timers.set(at, Due::TypingExpiry);
        }
    }
}
