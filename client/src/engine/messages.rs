//! Messages: as they come in, and changes to one's own.

use madang_common::{
    event::{
        message::{Delete, Edit},
        room::{History, HistoryReply, SyncReply},
    },
    id::{MessageId, RoomId, Seq},
    message::MessageView,
    text::MessageText,
};

use super::{
    Engine,
    action::Ticket,
    request::{Asked, Failure},
};
use crate::{
    timeline::{Applied, Timeline},
    view::{Cells, ViewCell as _},
};

/// Most messages that wait to be read out; of more than these only the last are worth it.
const HEARD: usize = 20;

impl<C: Cells> Engine<C> {
    /// Takes live changes of a room. Tells whether something before them is missing.
    pub(super) fn take_changes(&mut self, room: RoomId, changes: Vec<MessageView>) -> bool {
        if let Some(me) = self.my_id() {
            self.change_rooms(|rooms| rooms.hear(room, &changes, me));
        }
        self.hold_while_opening(room, &changes);
        self.change_timeline(room, |timeline| timeline.apply_live(changes))
    }

    /// Takes a page of `room.sync`. Tells whether to ask for another.
    pub(super) fn take_sync(&mut self, room: RoomId, reply: SyncReply) -> bool {
        self.change_timeline(room, |timeline| timeline.apply_sync(reply))
    }

    /// Changes the timeline of a room, if it is the open one. What is no longer pending leaves the outbox in the same
    /// breath, so that it is drawn neither twice nor not at all.
    fn change_timeline(&mut self, room: RoomId, change: impl FnOnce(&mut Timeline) -> Applied) -> bool {
        let mut applied = None;
        self.change_open(room, |open| {
            let outcome = change(&mut open.timeline);
            for message in &outcome.new {
                open.typing.clear(message.author.id);
            }
            applied = Some(outcome);
        });
        self.settle_outbox();
        let Some(Applied { mut new, gap }) = applied else { return false };
        let me = self.my_id();
        new.retain(|message| Some(message.author.id) != me);
        if !new.is_empty() {
            self.view.heard.change(|heard| {
                heard.append(&mut new);
                heard.drain(..heard.len().saturating_sub(HEARD));
                true
            });
        }
        gap
    }

    /// Takes the answer to a change of one's own.
    pub(super) fn take_own(&mut self, message: MessageView) {
        if self.take_changes(message.room, vec![message]) {
            self.sync_soon();
        }
    }

    /// Gives one's own message another text.
    pub fn edit(&mut self, message: MessageId, text: MessageText, ticket: Ticket) {
        self.ask(&Edit { message, text }, Asked::Edit(ticket));
        self.settle_lost();
    }

    /// Takes one's own message back.
    pub fn delete(&mut self, message: MessageId, ticket: Ticket) {
        self.ask(&Delete { message }, Asked::Delete(ticket));
        self.settle_lost();
    }

    pub(super) fn own_changed(&mut self, ticket: Ticket, reply: Result<MessageView, Failure>) {
        let outcome = reply.map(|message| {
            self.take_own(message);
            None
        });
        self.done(ticket, outcome);
    }

    /// Loads the page of messages before the oldest that the open room holds, unless one is on its way.
    pub fn load_earlier(&mut self, ticket: Ticket) {
        let mut oldest = None;
        if !self.requests.has(|asked| matches!(asked, Asked::History { .. })) {
            self.view.open.change(|open| {
                oldest = open.as_mut().and_then(|open| Some((open.room.id, open.timeline.ask_history()?)));
                // Nothing that is shown changes by that.
                false
            });
        }
        match oldest {
            Some((room, before)) => {
                self.ask(&History { room, before }, Asked::History { room, before, ticket });
                self.settle_lost();
            }
            None => self.done(ticket, Ok(None)),
        }
    }

    /// Lets go of all but the latest `count` messages of the open room, for a program that holds it for months. They can be
    /// loaded again.
    pub fn forget_earlier(&mut self, count: usize) {
        self.view.open.change(|open| open.as_mut().is_some_and(|open| open.timeline.forget_earlier(count)));
    }

    pub(super) fn history_came(
        &mut self,
        room: RoomId,
        before: Seq,
        ticket: Ticket,
        reply: Result<HistoryReply, Failure>,
    ) {
        let outcome = reply.map(|reply| {
            self.change_open(room, |open| {
                // The room may have been opened anew meanwhile.
                if open.timeline.first() == Some(before) {
                    open.timeline.apply_history(reply);
                }
            });
            // Something that seemed unsent may be among them.
            self.settle_outbox();
            None
        });
        self.done(ticket, outcome);
    }
}
