//! Edits of messages that have been begun and are neither saved nor given up.
//!
//! They are kept apart from the rows that show them: a row goes away when the window moves on or another room is shown,
//! and what has been typed must not go with it.

use madang_client::timeline::Timeline;
use madang_common::{
    id::{MessageId, Seq},
    message::MessageView,
};

/// All edits that are under way on the page, in whatever room, in the order of `seq`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    edits: Vec<Edit>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Edit {
    message: MessageId,
    seq: Seq,
    /// The text as it stands in the editor; none before anything has been typed.
    typed: Option<String>,
    /// The editor has not been shown yet.
    is_new: bool,
}

impl Edits {
    /// Begins to edit a message, unless that is under way.
    pub fn begin(&mut self, message: MessageId, seq: Seq) {
        if !self.has(message) {
            let at = self.edits.partition_point(|edit| edit.seq < seq);
            self.edits.insert(at, Edit { message, seq, typed: None, is_new: true });
        }
    }

    /// Notes the text of the editor.
    pub fn note(&mut self, message: MessageId, text: String) {
        if let Some(edit) = self.entry(message) {
            edit.typed = Some(text);
        }
    }

    /// The edit was saved or given up.
    pub fn end(&mut self, message: MessageId) {
        self.edits.retain(|edit| edit.message != message);
    }

    /// Whether a message is being edited.
    #[must_use]
    pub fn has(&self, message: MessageId) -> bool {
        self.edits.iter().any(|edit| edit.message == message)
    }

    /// The text that has been typed, if any has.
    #[must_use]
    pub fn typed(&self, message: MessageId) -> Option<String> {
        self.edits.iter().find(|edit| edit.message == message)?.typed.clone()
    }

    /// Whether the editor is shown for the first time, and so takes the focus. One that comes back must not take it from
    /// where the person is by now.
    pub fn take_new(&mut self, message: MessageId) -> bool {
        self.entry(message).is_some_and(|edit| std::mem::take(&mut edit.is_new))
    }

    /// The messages of a timeline that are being edited and stand outside of a stretch of it: those before it, and those
    /// after it.
    #[must_use]
    pub fn outside<'a>(&self, timeline: &'a Timeline, (first, last): (Seq, Seq)) -> [Vec<&'a MessageView>; 2] {
        let held = |edit: &Edit| {
            // The same place in another room has another message.
            timeline.between(edit.seq, edit.seq).find(|message| message.id == edit.message)
        };
        let of = |is_there: &dyn Fn(Seq) -> bool| {
            self.edits.iter().filter(|edit| is_there(edit.seq)).filter_map(held).collect()
        };
        [of(&|seq| seq < first), of(&|seq| seq > last)]
    }

    fn entry(&mut self, message: MessageId) -> Option<&mut Edit> {
        self.edits.iter_mut().find(|edit| edit.message == message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use madang_client::fixtures::{message, snapshot};

    fn timeline() -> Timeline {
        let messages = (1..=9).map(|seq| message(seq, seq, "a")).collect();
        Timeline::new(&snapshot(messages))
    }

    fn seqs(messages: &[&MessageView]) -> Vec<i64> {
        messages.iter().map(|message| message.seq.0).collect()
    }

    #[test]
    fn what_was_typed_stays_until_the_edit_ends() {
        let (mut edits, message) = (Edits::default(), MessageId(7));
        edits.note(message, "nothing was begun".to_owned());
        assert!(!edits.has(message));
        edits.begin(message, Seq(7));
        assert_eq!((edits.has(message), edits.typed(message)), (true, None));
        edits.note(message, "half a".to_owned());
        edits.begin(message, Seq(7));
        assert_eq!(edits.typed(message).as_deref(), Some("half a"));
        edits.end(message);
        assert_eq!((edits.has(message), edits.typed(message)), (false, None));
    }

    #[test]
    fn an_editor_is_new_once() {
        let (mut edits, message) = (Edits::default(), MessageId(7));
        edits.begin(message, Seq(7));
        assert_eq!((edits.take_new(message), edits.take_new(message)), (true, false));
        edits.end(message);
        edits.begin(message, Seq(7));
        assert!(edits.take_new(message));
    }

    #[test]
    fn messages_being_edited_outside_of_a_stretch_are_told_by_side_and_in_order() {
        let timeline = timeline();
        let mut edits = Edits::default();
        for seq in [9, 2, 5, 1] {
            let message = timeline.between(Seq(seq), Seq(seq)).next().unwrap();
            edits.begin(message.id, message.seq);
        }
        let [before, after] = edits.outside(&timeline, (Seq(4), Seq(6)));
        assert_eq!((seqs(&before), seqs(&after)), (vec![1, 2], vec![9]));
        let [before, after] = edits.outside(&timeline, (Seq(1), Seq(9)));
        assert_eq!((seqs(&before), seqs(&after)), (vec![], vec![]));
    }

    #[test]
    fn an_edit_in_another_room_or_of_a_message_that_is_not_held_has_no_row() {
        let timeline = timeline();
        let mut edits = Edits::default();
        edits.begin(MessageId(1_000), Seq(2));
        edits.begin(MessageId(1_001), Seq(100));
        let [before, after] = edits.outside(&timeline, (Seq(4), Seq(6)));
        assert_eq!((before.len(), after.len()), (0, 0));
    }
}
