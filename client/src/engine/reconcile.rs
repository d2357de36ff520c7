//! Reconciling: comparing the open room with the server's, and repairing what differs.

use madang_common::{
    event::room::{Digest, DigestReply, History, HistoryReply, Open},
    id::{RoomId, Seq},
    limits::DIGEST_MESSAGES,
    room::{Membership, RoomSnapshot},
};

use super::{
    Engine,
    request::{Asked, Failure},
    timers::{Due, Then},
};
use crate::{
    check::{Outcome, Question, Verdict, compare, forget_removed},
    timeline::Timeline,
    view::{Cells, ViewCell as _},
};

/// How often they are compared until they stand at one revision. In a room where more comes than that, the next time
/// will do.
const ATTEMPTS: u32 = 5;
/// How long what has changed on one side is given to arrive at the other, in milliseconds.
const ON_ITS_WAY: u32 = 200;

#[derive(Debug, Default)]
pub(super) struct State {
    /// What has been found so far, and how many attempts are left; `None` when nothing is being compared.
    running: Option<(Outcome, u32)>,
}

/// A room that is being read anew.
#[derive(Debug)]
pub(super) struct Repair {
    room: RoomId,
    fresh: Timeline,
    membership: Membership,
}

impl<C: Cells> Engine<C> {
    /// Compares because a person asks for it, and tells what came of it.
    pub fn reconcile_by_hand(&mut self) {
        self.view.check.change(|check| {
            check.running = true;
            true
        });
        self.reconcile();
        self.settle_lost();
    }

    /// Compares and repairs, unless that is being done.
    pub(super) fn reconcile(&mut self) {
        if self.reconcile.running.is_none() {
            self.reconcile.running = Some((Outcome::Same, ATTEMPTS));
            self.compare_once_more();
        }
    }

    pub(super) fn compare_once_more(&mut self) {
        let Some((outcome, left)) = self.reconcile.running else { return };
        let held = self.with_open(|room, timeline| (room, Question::about(timeline)));
        match held {
            Some((room, asked)) if left > 0 => {
                self.reconcile.running = Some((outcome, left - 1));
                self.ask(&Digest { room, from: asked.from }, Asked::Digest { room, asked });
            }
            _ => self.reconciled(None),
        }
    }

    pub(super) fn compared(&mut self, room: RoomId, asked: Question, reply: Result<DigestReply, Failure>) {
        let Some((outcome, _)) = self.reconcile.running else { return };
        let Ok(reply) = reply else { return self.reconciled(None) };
        let verdict =
            self.with_open(|now, timeline| (now == room).then(|| compare(timeline, asked, &reply))).flatten();
        match verdict {
            // Another room is shown by now.
            None => self.reconciled(None),
            Some(Verdict::Same) => {
                self.view
                    .open
                    .change(|open| open.as_mut().is_some_and(|open| forget_removed(&mut open.timeline, &reply)));
                self.reconciled(Some(outcome));
            }
            Some(Verdict::Behind) => self.catch_up(Then::Compare),
            Some(Verdict::Moved) => self.wake_in(ON_ITS_WAY, Due::Compare),
            // Read anew it is as the server has it, and yet it isn't: they mean different things by it.
            Some(Verdict::Differs) if outcome == Outcome::Repaired => {
                self.complain("repair", &"the room differs from the server's also after it was read anew");
                self.reconciled(None);
            }
            Some(Verdict::Differs) => self.ask(&Open { room }, Asked::RepairOpen { room }),
        }
    }

    pub(super) fn repair_opened(&mut self, room: RoomId, reply: Result<RoomSnapshot, Failure>) {
        match reply {
            Ok(snapshot) => {
                let fresh = Timeline::new(&snapshot);
                self.repair(Box::new(Repair { room, fresh, membership: snapshot.membership }));
            }
            Err(_) => self.reconciled(None),
        }
    }

    pub(super) fn repair_went_on(&mut self, mut repair: Box<Repair>, reply: Result<HistoryReply, Failure>) {
        match reply {
            Ok(reply) => {
                repair.fresh.apply_history(reply);
                self.repair(repair);
            }
            Err(_) => self.reconciled(None),
        }
    }

    /// Puts what the server has in place of what is held, once it is there as far as the two were compared.
    fn repair(&mut self, mut repair: Box<Repair>) {
        let room = repair.room;
        let first = self.with_open(|now, timeline| (now == room).then(|| timeline.first())).flatten();
        let Some(first) = first else { return self.reconciled(None) };
        let first = first.unwrap_or(Seq(1));
        let fresh = &mut repair.fresh;
        if fresh.len() < DIGEST_MESSAGES
            && fresh.first().is_some_and(|fresh| fresh > first)
            && let Some(before) = fresh.ask_history()
        {
            return self.ask(&History { room, before }, Asked::RepairHistory(repair));
        }
        let Repair { fresh, membership, .. } = *repair;
        self.change_open(room, |open| open.timeline.renew(fresh));
        self.settle_outbox();
        self.change_rooms(|rooms| rooms.set_membership(room, membership));
        let mut repairs = 0;
        self.view.check.change(|check| {
            check.repairs += 1;
            repairs = check.repairs;
            true
        });
        self.complain("repair", &format_args!("the room differed from the server's and was read anew, {repairs}"));
        self.reconcile.running = self.reconcile.running.map(|(_, left)| (Outcome::Repaired, left));
        // What came meanwhile.
        self.catch_up(Then::Compare);
    }

    fn reconciled(&mut self, outcome: Option<Outcome>) {
        self.reconcile.running = None;
        let rev = self.with_open(|_, timeline| timeline.rev());
        self.view.check.change(|check| {
            // Unasked, one is told only of what was wrong.
            let tell = std::mem::take(&mut check.running) || outcome == Some(Outcome::Repaired);
            if tell {
                check.done = rev.zip(outcome);
            }
            tell
        });
    }

    fn with_open<T>(&self, read: impl FnOnce(RoomId, &Timeline) -> T) -> Option<T> {
        self.view.open.with(|open| open.as_ref().map(|open| read(open.room.id, &open.timeline)))
    }
}
