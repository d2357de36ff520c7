//! Sending: what is unsent goes out one at a time and in order, by one tab at a time.

use madang_common::{
    event::message::Post,
    fault::FaultCode,
    id::{ClientId, RoomId},
    message::MessageView,
};

use super::{
    Engine, PAUSES,
    action::Action,
    outbox::{ReadFor, Stored, TURN_PATIENCE_MS},
    request::{Asked, Failure},
    timers::Due,
};
use crate::{
    outbox::{Outbox, Pending},
    view::{Cells, ViewCell as _},
};

/// How far sending is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sending {
    No,
    /// Waiting for the turn.
    InLine,
    /// Reading what the other tabs have said and sent.
    Reading,
    /// A message is on its way, or waits to be sent again.
    Posting,
    /// What became of this message is being written. Before another tab has its turn: it would find the message, and send
    /// it again.
    Writing(ClientId),
}

impl<C: Cells> Engine<C> {
    /// Sends what is unsent, unless that is being done.
    pub(super) fn send_unsent(&mut self) {
        let Some(me) = self.my_id() else { return };
        let is_due = self.connected && self.outbox.is_loaded && !self.view.outbox.with(Outbox::is_empty);
        if is_due && self.outbox.sending == Sending::No {
            self.outbox.sending = Sending::InLine;
            self.actions.push(Action::AwaitTurn { me });
        }
    }

    /// Whether it is this tab's turn to send; not so where tabs can't agree on whose it is, or another keeps it too long.
    pub fn turn(&mut self, has_turn: bool) {
        if self.outbox.sending != Sending::InLine {
            return;
        }
        self.outbox.has_turn = has_turn;
        self.outbox.wait = PAUSES.0;
        if has_turn && self.outbox.is_disk_open {
            self.outbox.sending = Sending::Reading;
            self.read_outbox(ReadFor::Turn);
        } else {
            self.send_next();
        }
        self.settle_lost();
    }

    pub(super) fn send_next(&mut self) {
        let next = self.view.outbox.with(|outbox| {
            let is_due = |pending: &Pending| {
                (self.outbox.has_turn || self.is_ours(pending)) && !self.outbox.is_stored(pending.client_id)
            };
            outbox.next(is_due).cloned()
        });
        match next {
            Some(Pending { client_id, room, text, .. }) => {
                self.outbox.sending = Sending::Posting;
                self.ask(&Post { room, client_id, text }, Asked::Post { id: client_id, room });
            }
            None => self.stop_sending(),
        }
    }

    fn stop_sending(&mut self) {
        self.outbox.sending = Sending::No;
        if std::mem::take(&mut self.outbox.has_turn) {
            self.actions.push(Action::ReleaseTurn);
        }
    }

    pub(super) fn post_answered(&mut self, id: ClientId, room: RoomId, reply: Result<MessageView, Failure>) {
        match reply {
            Ok(message) => {
                self.outbox.wait = PAUSES.0;
                // What has come back live is settled already.
                if self.view.outbox.with(|outbox| outbox.get(id).is_some()) {
                    self.outbox.stored.push(Stored { id, room, rev: Some(message.rev) });
                }
                self.actions.push(Action::Posted { id, outcome: Ok(message.clone()) });
                self.take_own(message);
                self.write_and_go_on(id);
            }
            // Sent again once the link is back, or never.
            Err(Failure::Disconnected) => self.stop_sending(),
            Err(Failure::Fault(fault)) if fault.code == FaultCode::NotSignedIn => self.stop_sending(),
            Err(Failure::Fault(fault)) if !fault.code.is_passing() => {
                self.actions.push(Action::Posted { id, outcome: Err(fault.clone()) });
                self.view.outbox.change(|outbox| {
                    outbox.refuse(id, fault);
                    true
                });
                self.write_and_go_on(id);
            }
            Err(failure) => {
                self.wake_in(failure.again_in().unwrap_or(self.outbox.wait), Due::Post);
                self.outbox.wait = (self.outbox.wait * 2).min(PAUSES.1);
            }
        }
    }

    fn write_and_go_on(&mut self, id: ClientId) {
        if self.outbox.is_disk_open {
            self.outbox.sending = Sending::Writing(id);
            self.write_outbox(id);
        } else {
            self.send_next();
        }
    }

    fn is_ours(&self, pending: &Pending) -> bool {
        let is_left_behind = self.now - pending.composed_at.0 as f64 > f64::from(TURN_PATIENCE_MS);
        is_left_behind || self.outbox.ours.contains(&pending.client_id)
    }
}

#[cfg(test)]
mod tests {
    use madang_common::{
        event::{ClientEvent as _, ServerEvent as _, room::Changes},
        text::MessageText,
        user::UserView,
    };

    use super::*;
    use crate::{
        fixtures::{message, person, snapshot},
        open_room::OpenRoom,
        view::{Plain, PlainCell, View},
    };

    fn requested(engine: &mut Engine<Plain>) -> Vec<&'static str> {
        let actions = engine.take_actions().into_iter();
        actions
            .filter_map(|action| match action {
                Action::Request { event, .. } => Some(event),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn who_waits_for_a_message_is_told_of_it_when_only_its_acknowledgement_got_lost() {
        let me: UserView = person(7, "me");
        let mut view = View::empty();
        view.me = PlainCell(Some(me.clone()));
        view.open = PlainCell(Some(OpenRoom::new(snapshot(vec![message(1, 1, "before")]))));
        let mut engine = Engine::new(view);
        engine.at(1_000.0).start(&Outbox::default());
        engine.connected();
        engine.disk_opened(false);
        let said = engine.say(RoomId(1), MessageText::parse("said").expect("a text"), [7; 10]);
        engine.turn(true);
        assert!(requested(&mut engine).contains(&Post::NAME), "it is on its way");

        let stored = MessageView { author: me, client_id: said, ..message(2, 2, "said") };
        let told = Changes { room: RoomId(1), changes: vec![stored.clone()] };
        engine.event(Changes::NAME, serde_json::to_value(&told).expect("an event"));
        let posted: Vec<Action> =
            engine.take_actions().into_iter().filter(|action| matches!(action, Action::Posted { .. })).collect();
        assert_eq!(posted, [Action::Posted { id: said, outcome: Ok(stored) }]);
        assert!(engine.view.outbox.0.is_empty());
    }
}
