//! The messages of one room that this page holds, and the revision that they stand at.

use std::collections::BTreeMap;

use madang_common::{
    event::room::{HistoryReply, SyncReply},
    id::{Rev, Seq},
    message::{Body, MessageView},
    room::RoomSnapshot,
};

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Texts that were not there before, in the order of `seq`.
    pub new: Vec<MessageView>,
    /// Something is missing: ask for `room.sync` since [`Timeline::rev`].
    pub gap: bool,
}

/// A contiguous stretch of a room's messages, up to its latest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    messages: BTreeMap<Seq, MessageView>,
    rev: Rev,
    earlier: bool,
    /// Live changes that came before one that they build on, by revision.
    held: BTreeMap<Rev, MessageView>,
    /// Changes of messages before the oldest since a page of those was asked for: it may have been read before them.
    passed_over: Option<BTreeMap<Seq, MessageView>>,
}

impl Timeline {
    /// The timeline as a snapshot gives it.
    #[must_use]
    pub fn new(snapshot: &RoomSnapshot) -> Self {
        let mut messages = BTreeMap::new();
        // One by one: to collect them would sort them first.
        messages.extend(snapshot.messages.iter().map(|message| (message.seq, message.clone())));
        Self {
            messages,
            rev: snapshot.membership.rev,
            earlier: snapshot.earlier,
            held: BTreeMap::new(),
            passed_over: None,
        }
    }

    /// The messages in the order of `seq`.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &MessageView> {
        self.messages.values()
    }

    /// The messages from one place to another, both included, in the order of `seq`.
    pub fn between(&self, first: Seq, last: Seq) -> impl DoubleEndedIterator<Item = &MessageView> {
        // An empty stretch: a range that ends before it starts would panic.
        let last = last.max(first);
        self.messages.range(first..=last).map(|(_, message)| message)
    }

    /// How many messages are held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.messages.len()
    }

    /// Whether no message is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// The revision that the page holds.
    #[must_use]
    pub fn rev(&self) -> Rev {
        self.rev
    }

    /// Whether the server has older messages.
    #[must_use]
    pub fn has_earlier(&self) -> bool {
        self.earlier
    }

    /// The oldest message held.
    #[must_use]
    pub fn first(&self) -> Option<Seq> {
        self.messages.keys().next().copied()
    }

    /// The latest message held.
    #[must_use]
    pub fn last(&self) -> Option<Seq> {
        self.messages.keys().next_back().copied()
    }

    /// Whether changes are held that came before one that they build on.
    #[must_use]
    pub fn has_gap(&self) -> bool {
        !self.held.is_empty()
    }

    /// Takes live changes. Those that the page has already are passed over; those that follow a gap are kept until
    /// [`Timeline::apply_sync`] has filled it.
    pub fn apply_live(&mut self, changes: Vec<MessageView>) -> Applied {
        let ahead = changes.into_iter().filter(|change| change.rev > self.rev);
        self.held.extend(ahead.map(|change| (change.rev, change)));
        let mut new = Vec::new();
        while let Some(change) = self.held.remove(&self.rev.next()) {
            self.rev = change.rev;
            new.extend(self.put(change));
        }
        Applied { new, gap: !self.held.is_empty() }
    }

    /// Takes a page of `room.sync`, then whatever had been kept for it.
    pub fn apply_sync(&mut self, reply: SyncReply) -> Applied {
        let mut new = BTreeMap::new();
        // What the page has had already may have been removed since.
        let had = self.rev;
        let missed = reply.changes.into_iter().filter(|change| change.rev > had);
        new.extend(missed.filter_map(|change| self.put(change)).map(|text| (text.seq, text)));
        self.rev = self.rev.max(reply.rev);
        self.held.retain(|rev, _| *rev > self.rev);
        let after = self.apply_live(Vec::new());
        new.extend(after.new.into_iter().map(|text| (text.seq, text)));
        Applied { new: new.into_values().collect(), gap: reply.more || after.gap }
    }

    /// Where the page of older messages ends that is to be asked for now, if there are any. One page is asked for at a
    /// time.
    pub fn ask_history(&mut self) -> Option<Seq> {
        let before = self.first().filter(|_| self.earlier)?;
        self.passed_over = Some(BTreeMap::new());
        Some(before)
    }

    /// Takes the page of messages before the oldest that is held, asked for as [`Timeline::ask_history`] said. Passed
    /// over if it wasn't: changes may have been missed since it was read.
    pub fn apply_history(&mut self, reply: HistoryReply) {
        let Some(passed_over) = self.passed_over.take() else { return };
        self.earlier = reply.earlier;
        // A page is consecutive, so the oldest may go first: what follows it is then never older than all held.
        for message in reply.messages {
            if self.messages.get(&message.seq).is_none_or(|held| held.rev < message.rev) {
                self.messages.insert(message.seq, message);
            }
        }
        for change in passed_over.into_values() {
            self.put(change);
        }
    }

    /// Takes what was read anew in place of what is held. Messages before it are kept as they are, unless there is a
    /// gap between the two.
    pub fn renew(&mut self, fresh: Self) {
        let old = std::mem::replace(self, fresh);
        let (Some(first), Some(from), Some(last)) = (self.first(), old.first(), old.last()) else { return };
        if from < first && last.0 + 1 >= first.0 {
            self.earlier = old.earlier;
            for message in old.between(from, Seq(first.0 - 1)) {
                self.messages.insert(message.seq, message.clone());
            }
        }
    }

    /// Lets go of all but the latest `count` messages: the server has removed those before them, and has none older.
    /// Tells whether there were any.
    pub fn keep_latest(&mut self, count: usize) -> bool {
        let surplus = self.messages.len().saturating_sub(count);
        for _ in 0..surplus {
            self.messages.pop_first();
        }
        if surplus > 0 {
            self.earlier = false;
            // A page of older messages that is on its way holds some that are gone.
            self.passed_over = None;
        }
        surplus > 0
    }

    /// Lets go of all but the latest `count` messages, which the server still has. Tells whether there were others.
    pub fn forget_earlier(&mut self, count: usize) -> bool {
        let is_changed = self.keep_latest(count);
        self.earlier |= is_changed;
        is_changed
    }

    /// Puts a change in its place and gives it back if it is a text that was not there. A change to a message that
    /// is older than all held is passed over: it comes with its page of history, at the latest. So is one that the page
    /// has in a later state.
    fn put(&mut self, change: MessageView) -> Option<MessageView> {
        if self.earlier && self.first().is_some_and(|first| change.seq < first) {
            let passed_over = self.passed_over.as_mut()?;
            if passed_over.get(&change.seq).is_none_or(|held| held.rev < change.rev) {
                passed_over.insert(change.seq, change);
            }
            return None;
        }
        match self.messages.get(&change.seq) {
            Some(held) if held.rev >= change.rev => None,
            Some(_) => {
                self.messages.insert(change.seq, change);
                None
            }
            None => {
                let text = matches!(change.body, Body::Text { .. }).then(|| change.clone());
                self.messages.insert(change.seq, change);
                text
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{message, snapshot, tombstone};

    fn texts(timeline: &Timeline) -> Vec<String> {
        timeline.messages().map(|message| crate::fixtures::said(message).to_owned()).collect()
    }

    #[test]
    fn a_live_change_that_comes_next_is_applied() {
        let mut timeline = Timeline::new(&snapshot(vec![message(1, 1, "a")]));
        let applied = timeline.apply_live(vec![message(2, 2, "b")]);
        assert_eq!(applied, Applied { new: vec![message(2, 2, "b")], gap: false });
        assert_eq!((texts(&timeline), timeline.rev()), (vec!["a".into(), "b".into()], Rev(2)));
    }

    #[test]
    fn a_change_that_comes_twice_is_applied_once() {
        let mut timeline = Timeline::new(&snapshot(vec![message(1, 1, "a")]));
        timeline.apply_live(vec![message(2, 2, "b")]);
        assert_eq!(timeline.apply_live(vec![message(2, 2, "b")]), Applied { new: vec![], gap: false });
        assert_eq!(timeline.len(), 2);
    }

    #[test]
    fn what_follows_a_gap_waits_until_it_is_filled() {
        let mut timeline = Timeline::new(&snapshot(vec![message(1, 1, "a")]));
        assert!(timeline.apply_live(vec![message(4, 4, "d")]).gap);
        assert_eq!(texts(&timeline), ["a"]);

        let page = SyncReply { changes: vec![message(2, 2, "b"), message(3, 3, "c")], rev: Rev(3), more: false };
        let applied = timeline.apply_sync(page);
        assert!(!applied.gap);
        assert_eq!(applied.new.len(), 3);
        assert_eq!((texts(&timeline), timeline.rev()), (["a", "b", "c", "d"].map(String::from).into(), Rev(4)));
    }

    #[test]
    fn a_sync_that_has_more_leaves_a_gap() {
        let mut timeline = Timeline::new(&snapshot(vec![message(1, 1, "a")]));
        let applied = timeline.apply_sync(SyncReply { changes: vec![message(2, 2, "b")], rev: Rev(2), more: true });
        assert!(applied.gap);
        assert_eq!(timeline.rev(), Rev(2));
    }

    #[test]
    fn an_edit_and_a_deletion_replace_and_are_not_new() {
        let mut timeline = Timeline::new(&snapshot(vec![message(1, 1, "a"), message(2, 2, "b")]));
        let applied = timeline.apply_live(vec![message(1, 3, "A"), tombstone(2, 4)]);
        assert_eq!(applied, Applied { new: vec![], gap: false });
        assert_eq!(texts(&timeline), ["A", ""]);
    }

    #[test]
    fn a_change_to_a_message_not_loaded_only_moves_the_revision() {
        let mut recent = snapshot(vec![message(50, 50, "z")]);
        recent.earlier = true;
        let mut timeline = Timeline::new(&recent);
        assert!(!timeline.apply_live(vec![message(3, 51, "edited")]).gap);
        assert_eq!((texts(&timeline), timeline.rev()), (vec!["z".into()], Rev(51)));
    }

    #[test]
    fn a_stretch_has_both_its_ends() {
        let timeline = Timeline::new(&snapshot(vec![message(1, 1, "a"), message(2, 2, "b"), message(3, 3, "c")]));
        let between =
            |first, last| timeline.between(Seq(first), Seq(last)).map(|message| message.seq.0).collect::<Vec<_>>();
        assert_eq!(between(2, 3), [2, 3]);
        assert_eq!(between(5, 4), [0; 0]);
    }

    #[test]
    fn history_never_puts_back_an_earlier_state() {
        let mut recent = snapshot(vec![message(2, 2, "b")]);
        recent.earlier = true;
        let mut timeline = Timeline::new(&recent);
        assert_eq!(timeline.ask_history(), Some(Seq(2)));
        timeline
            .apply_history(HistoryReply { messages: vec![message(1, 1, "a"), message(2, 1, "old")], earlier: false });
        assert_eq!(texts(&timeline), ["a", "b"]);
        assert!(!timeline.has_earlier());
    }

    #[test]
    fn a_page_of_history_that_was_asked_for_by_another_timeline_is_passed_over() {
        let mut recent = snapshot(vec![message(2, 2, "b")]);
        recent.earlier = true;
        let mut timeline = Timeline::new(&recent);
        timeline.apply_history(HistoryReply { messages: vec![message(1, 1, "a")], earlier: false });
        assert_eq!((texts(&timeline), timeline.has_earlier()), (vec!["b".into()], true));
    }

    #[test]
    fn the_oldest_messages_go_when_the_server_has_removed_them() {
        let mut recent = snapshot((3..=6).map(|n| message(n, n, "m")).collect());
        recent.earlier = true;
        let mut timeline = Timeline::new(&recent);
        assert!(!timeline.keep_latest(4) && timeline.has_earlier());
        timeline.ask_history();
        assert!(timeline.keep_latest(2));
        assert_eq!((timeline.first(), timeline.len(), timeline.has_earlier()), (Some(Seq(5)), 2, false));
        timeline.apply_history(HistoryReply { messages: vec![message(2, 2, "gone")], earlier: true });
        timeline.apply_sync(SyncReply { changes: vec![message(4, 4, "gone")], rev: Rev(6), more: false });
        assert_eq!((timeline.first(), timeline.has_earlier()), (Some(Seq(5)), false));
        assert!(timeline.keep_latest(0) && timeline.is_empty() && timeline.rev() == Rev(6));
    }

    #[test]
    fn what_is_let_go_of_can_be_loaded_again() {
        let mut timeline = Timeline::new(&snapshot((1..=3).map(|n| message(n, n, "m")).collect()));
        assert!(!timeline.forget_earlier(3) && !timeline.has_earlier());
        assert!(timeline.forget_earlier(1) && timeline.has_earlier());
        assert_eq!(timeline.ask_history(), Some(Seq(3)));
        timeline.apply_history(HistoryReply { messages: vec![message(2, 2, "m")], earlier: true });
        assert_eq!((timeline.first(), timeline.rev()), (Some(Seq(2)), Rev(3)));
    }

    #[test]
    fn what_is_read_anew_replaces_what_is_held_and_leaves_what_is_older() {
        let held = |first: i64| Timeline::new(&snapshot((first..=6).map(|n| message(n, n, "old")).collect()));
        let mut recent = snapshot(vec![message(4, 7, "new"), message(5, 5, "new")]);
        recent.earlier = true;

        let mut timeline = held(3);
        timeline.renew(Timeline::new(&recent));
        assert_eq!((texts(&timeline), timeline.rev()), (["old", "new", "new"].map(String::from).into(), Rev(7)));
        assert!(!timeline.has_earlier());

        // With a gap between the two only what is new can be shown.
        let mut timeline = Timeline::new(&snapshot(vec![message(1, 1, "old")]));
        timeline.renew(Timeline::new(&recent));
        assert_eq!((texts(&timeline), timeline.has_earlier()), (["new", "new"].map(String::from).into(), true));
    }
}
