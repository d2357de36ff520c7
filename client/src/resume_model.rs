//! A model-based test: whatever gets lost, doubled, late or out of order between server and page, the page ends up
//! with what a fresh load shows.

use std::collections::BTreeMap;

use madang_common::{
    digest::Rolled,
    event::room::{DigestReply, HistoryReply, SyncReply},
    id::{Rev, Seq},
    message::MessageView,
    room::RoomSnapshot,
};
use proptest::{prelude::*, test_runner::TestCaseResult};

use super::{
    check::{Question, Verdict, compare, forget_removed},
    fixtures::{message, snapshot, tombstone},
    timeline::Timeline,
};

/// Pages are small, so that most ways lead over several.
const PAGE: usize = 4;

/// A room as the server has it.
#[derive(Default)]
struct Room {
    messages: BTreeMap<Seq, MessageView>,
    /// The place of the latest message.
    last: i64,
    rev: i64,
}

impl Room {
    fn next_rev(&mut self) -> i64 {
        self.rev += 1;
        self.rev
    }

    fn change(&mut self, change: Change) -> Option<MessageView> {
        let changed = match change {
            Change::Post => {
                self.last += 1;
                let seq = self.last;
                message(seq, self.next_rev(), &format!("text {seq}"))
            }
            Change::Edit(which) => {
                let seq = self.pick(which)?;
                let rev = self.next_rev();
                message(seq, rev, &format!("edited at {rev}"))
            }
            Change::Delete(which) => {
                let seq = self.pick(which)?;
                tombstone(seq, self.next_rev())
            }
        };
        self.messages.insert(changed.seq, changed.clone());
        Some(changed)
    }

    fn pick(&self, which: usize) -> Option<i64> {
        let seqs: Vec<_> = self.messages.keys().map(|seq| seq.0).collect();
        (!seqs.is_empty()).then(|| seqs[which % seqs.len()])
    }

    /// The oldest messages have had their time.
    fn expire(&mut self, count: usize) {
        for _ in 0..count {
            self.messages.pop_first();
        }
    }

    fn open(&self) -> RoomSnapshot {
        let page = self.before(Seq(i64::MAX));
        let mut snapshot = snapshot(page.messages);
        snapshot.membership.rev = Rev(self.rev);
        snapshot.earlier = page.earlier;
        snapshot
    }

    fn before(&self, before: Seq) -> HistoryReply {
        let older: Vec<_> = self.messages.range(..before).map(|(_, message)| message.clone()).collect();
        let skipped = older.len().saturating_sub(PAGE);
        HistoryReply { messages: older[skipped..].to_vec(), earlier: skipped > 0 }
    }

    fn digest(&self, from: Seq) -> DigestReply {
        let digest = self.messages.range(from..).map(|(_, message)| message);
        DigestReply { rev: Rev(self.rev), digest: digest.fold(Rolled::default(), Rolled::with_message) }
    }

    fn since(&self, since: Rev) -> SyncReply {
        let mut changes: Vec<_> = self.messages.values().filter(|message| message.rev > since).cloned().collect();
        changes.sort_by_key(|message| message.rev);
        let more = changes.len() > PAGE;
        changes.truncate(PAGE);
        let rev = if more { changes[PAGE - 1].rev } else { Rev(self.rev) };
        SyncReply { changes, rev, more }
    }
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Post,
    Edit(usize),
    Delete(usize),
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// Something happens in the room, and is on its way to the page.
    Change(Change),
    /// One of the changes that are on their way arrives, not always the oldest.
    Arrive(usize),
    /// One of them arrives, and will do so again.
    ArriveTwice(usize),
    /// One of them never arrives.
    Lose(usize),
    /// The connection breaks: nothing that is on its way arrives.
    Break,
    /// The page asks for what it missed, and the server answers as things are now.
    AskSync,
    /// The answer arrives.
    Sync,
    /// The page asks for older messages, and the server answers as things are now.
    AskHistory,
    /// The answer arrives.
    History,
}

/// The page, and what is on its way to it.
struct Page {
    timeline: Timeline,
    live: Vec<MessageView>,
    sync: Option<SyncReply>,
    history: Option<HistoryReply>,
}

impl Page {
    fn take(&mut self, room: &mut Room, step: Step) {
        let place = |which: usize, live: &[MessageView]| (!live.is_empty()).then(|| which % live.len());
        match step {
            Step::Change(change) => self.live.extend(room.change(change)),
            Step::Arrive(which) => {
                if let Some(place) = place(which, &self.live) {
                    let change = self.live.remove(place);
                    self.timeline.apply_live(vec![change]);
                }
            }
            Step::ArriveTwice(which) => {
                if let Some(place) = place(which, &self.live) {
                    self.timeline.apply_live(vec![self.live[place].clone()]);
                }
            }
            Step::Lose(which) => {
                if let Some(place) = place(which, &self.live) {
                    self.live.remove(place);
                }
            }
            Step::Break => {
                self.live.clear();
                (self.sync, self.history) = (None, None);
            }
            Step::AskSync => self.sync = Some(room.since(self.timeline.rev())),
            Step::Sync => {
                if let Some(reply) = self.sync.take() {
                    self.timeline.apply_sync(reply);
                }
            }
            Step::AskHistory => {
                if self.history.is_none() {
                    self.history = self.timeline.ask_history().map(|before| room.before(before));
                }
            }
            Step::History => {
                if let Some(reply) = self.history.take() {
                    self.timeline.apply_history(reply);
                }
            }
        }
    }

    /// What the page does by itself once nothing gets in its way.
    fn settle(&mut self, room: &mut Room) {
        self.take(room, Step::History);
        self.take(room, Step::Sync);
        while self.timeline.rev() < Rev(room.rev) {
            self.timeline.apply_sync(room.since(self.timeline.rev()));
        }
    }

    /// What the page does when it compares itself with the server, once nothing gets in its way. Tells how often it
    /// had to be repaired.
    fn check(&mut self, room: &mut Room) -> u32 {
        let mut repairs = 0;
        loop {
            self.settle(room);
            let asked = Question::about(&self.timeline);
            let reply = room.digest(asked.from);
            match compare(&self.timeline, asked, &reply) {
                Verdict::Same => {
                    forget_removed(&mut self.timeline, &reply);
                    return repairs;
                }
                Verdict::Differs if repairs == 0 => {
                    repairs += 1;
                    self.timeline.renew(self.read_anew(room));
                }
                verdict => panic!("{verdict:?} after {repairs} repairs: {:?}", self.timeline),
            }
        }
    }

    fn read_anew(&self, room: &Room) -> Timeline {
        let mut fresh = Timeline::new(&room.open());
        while fresh.first() > self.timeline.first()
            && let Some(before) = fresh.ask_history()
        {
            fresh.apply_history(room.before(before));
        }
        fresh
    }

    fn texts(&self) -> Vec<&MessageView> {
        self.timeline.messages().collect()
    }
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => Just(Change::Post),
        1 => any::<usize>().prop_map(Change::Edit),
        1 => any::<usize>().prop_map(Change::Delete),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => change().prop_map(Step::Change),
        4 => any::<usize>().prop_map(Step::Arrive),
        1 => any::<usize>().prop_map(Step::ArriveTwice),
        1 => any::<usize>().prop_map(Step::Lose),
        1 => Just(Step::Break),
        2 => Just(Step::AskSync),
        2 => Just(Step::Sync),
        2 => Just(Step::AskHistory),
        2 => Just(Step::History),
    ]
}

/// What no rule of the protocol allows for: a fault in this very page, or in what it was told.
#[derive(Clone, Copy, Debug)]
enum Corruption {
    Missing,
    OtherText,
    RevAhead,
}

fn corruption() -> impl Strategy<Value = Corruption> {
    prop_oneof![Just(Corruption::Missing), Just(Corruption::OtherText), Just(Corruption::RevAhead)]
}

impl Page {
    fn corrupt(&self, which: usize, how: Corruption) -> Timeline {
        let mut held: Vec<_> = self.timeline.messages().cloned().collect();
        let mut rev = self.timeline.rev();
        match (how, held.len()) {
            (Corruption::RevAhead, _) => rev.0 += 3,
            (_, 0) => {}
            // Without any message the page knows nothing of the room, which no page is in for long.
            (Corruption::Missing, 1) => {}
            (Corruption::Missing, count) => drop(held.remove(which % count)),
            (Corruption::OtherText, count) => {
                let broken = &mut held[which % count];
                *broken = message(broken.seq.0, broken.rev.0, "broken");
            }
        }
        let mut snapshot = snapshot(held);
        snapshot.membership.rev = rev;
        snapshot.earlier = self.timeline.has_earlier();
        Timeline::new(&snapshot)
    }
}

/// A room with a history, and a page that has it open, lives through what happens and is left in peace then.
fn live_through(before: Vec<Change>, steps: Vec<Step>) -> (Room, Page) {
    let mut room = Room::default();
    for change in before {
        room.change(change);
    }
    let mut page = Page { timeline: Timeline::new(&room.open()), live: Vec::new(), sync: None, history: None };
    for step in steps {
        page.take(&mut room, step);
    }
    page.settle(&mut room);
    (room, page)
}

/// The page shows what a fresh load would.
fn is_as_loaded(page: &Page, room: &Room) -> TestCaseResult {
    let first = page.timeline.first().unwrap_or(Seq(1));
    let fresh: Vec<_> = room.messages.range(first..).map(|(_, message)| message).collect();
    prop_assert_eq!(page.texts(), fresh);
    prop_assert_eq!(page.timeline.rev(), Rev(room.rev));
    prop_assert_eq!(page.timeline.has_earlier(), room.messages.range(..first).next().is_some());
    Ok(())
}

#[test]
fn every_way_ends_in_what_a_fresh_load_shows() {
    let inputs = (prop::collection::vec(change(), 0..12), prop::collection::vec(step(), 0..60));
    madang_fuzz::check("resume", 2_000, &inputs, |(before, steps)| {
        let (room, page) = live_through(before, steps);

        is_as_loaded(&page, &room)
    });
}

#[test]
fn whatever_was_corrupted_ends_after_a_check_in_what_a_fresh_load_shows() {
    let before = prop::collection::vec(change(), 1..12);
    let (steps, after) = (prop::collection::vec(step(), 0..30), prop::collection::vec(step(), 0..10));
    let inputs = (before, steps, any::<usize>(), corruption(), after, 0..6_usize);
    madang_fuzz::check("repair", 2_000, &inputs, |(before, steps, which, how, after, expired)| {
        let (mut room, mut page) = live_through(before, steps);
        let corrupted = page.corrupt(which, how);
        let untouched = page.timeline == corrupted;
        page.timeline = corrupted;
        for step in after {
            page.take(&mut room, step);
        }
        room.expire(expired);
        let repairs = page.check(&mut room);
        prop_assert!(!untouched || repairs == 0);
        if expired > 0 {
            // That nothing is left before what is held shows when it is asked for.
            page.take(&mut room, Step::AskHistory);
            page.take(&mut room, Step::History);
        }

        is_as_loaded(&page, &room)
    });
}
