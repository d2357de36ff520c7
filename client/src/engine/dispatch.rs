//! Dispatch: what the server tells, and what becomes of it. One line an event.

use madang_common::event::{
    ServerEvent,
    presence::{MemberJoined, MemberLeft, PresenceChanged},
    room::{Added, Changes, MembershipChanged, ReadChanged, Removed},
    server::Leaving,
    session::Ended,
    typing::TypingChanged,
};
use serde_json::Value;

use super::{Engine, action::Action, timers::Then};
use crate::{
    json,
    view::{Cells, ViewCell as _},
};

impl<C: Cells> Engine<C> {
    /// An event of the server's came. One that is not known, or can't be read, is passed over: what it told, if it was
    /// worth keeping, is found again by `room.sync`.
    pub fn event(&mut self, name: &str, data: Value) {
        match name {
            Ended::NAME => self.session_ended(),
            Leaving::NAME => self.on(data, |engine, event: Leaving| {
                engine.actions.push(Action::ComeBackIn(event.back_in));
            }),
            Changes::NAME => self.on(data, Self::changes_came),
            Added::NAME => self.on(data, |engine, event: Added| engine.change_rooms(|rooms| rooms.add(event.room))),
            Removed::NAME => self.on(data, |engine, event: Removed| engine.room_removed(event.room)),
            MembershipChanged::NAME => {
                self.on(data, |engine, event: MembershipChanged| engine.membership_changed(event.summary));
            }
            ReadChanged::NAME => {
                self.on(data, |engine, event: ReadChanged| engine.take_membership(event.room, event.membership));
            }
            MemberJoined::NAME => self.on(data, |engine, event: MemberJoined| {
                engine.change_open(event.room, |open| open.members.put(event.member));
            }),
            MemberLeft::NAME => self.on(data, |engine, event: MemberLeft| {
                engine.change_open(event.room, |open| {
                    open.members.remove(event.user);
                    open.typing.clear(event.user);
                });
            }),
            PresenceChanged::NAME => self.on(data, Self::presence_changed),
            TypingChanged::NAME => self.on(data, Self::typing_changed),
            _ => {}
        }
        self.settle_lost();
    }

    fn on<E: ServerEvent>(&mut self, data: Value, handle: impl FnOnce(&mut Self, E)) {
        match json::read(data) {
            Ok(event) => handle(self, event),
            Err(error) => self.complain(E::NAME, &error),
        }
    }

    fn changes_came(&mut self, event: Changes) {
        if self.take_changes(event.room, event.changes) {
            self.catch_up(Then::Nothing);
        }
    }

    fn presence_changed(&mut self, event: PresenceChanged) {
        self.view.open.change(|open| {
            let Some(open) = open else { return false };
            open.members.set_online(event.user, event.online);
            if !event.online {
                open.typing.clear(event.user);
            }
            true
        });
    }
}
