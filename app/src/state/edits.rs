//! Edits in progress: messages that are being edited and have not been saved or cancelled.
//!
//! They are kept apart from the rows that show them: a row goes away when the window moves on or another room is shown,
//! and what has been typed must not go with it.

use madang_client::timeline::Timeline;
use madang_common::{
    id::{MessageId, RoomId, Seq},
    message::MessageView,
    text::MessageText,
};

/// All edits that are under way on the page, in whatever room, in the order of `seq`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    edits: Vec<Edit>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Edit {
    /// As it was when the edit began: the timeline may no longer hold it when the room is shown again.
    message: MessageView,
    /// The text as it stands in the editor; none before anything has been typed.
    typed: Option<String>,
    /// The editor has not been shown yet.
    is_new: bool,
}

impl Edits {
    /// Begins to edit a message, unless that is under way.
    pub fn begin(&mut self, message: MessageView) {
        if !self.has(message.id) {
            let at = self.edits.partition_point(|edit| edit.message.seq < message.seq);
            self.edits.insert(at, Edit { message, typed: None, is_new: true });
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
        self.edits.retain(|edit| edit.message.id != message);
    }

    /// Whether a message is being edited.
    #[must_use]
    pub fn has(&self, message: MessageId) -> bool {
        self.edits.iter().any(|edit| edit.message.id == message)
    }

    /// The text that has been typed, if any has.
    #[must_use]
    pub fn typed(&self, message: MessageId) -> Option<String> {
        self.edits.iter().find(|edit| edit.message.id == message)?.typed.clone()
    }

    /// Whether what has been typed is this text.
    #[must_use]
    pub fn is_at(&self, message: MessageId, text: &MessageText) -> bool {
        self.typed(message).is_none_or(|typed| MessageText::parse(&typed).as_ref() == Ok(text))
    }

    /// Whether the editor is shown for the first time, and so takes the focus. One that comes back must not take it from
    /// where the person is by now.
    pub fn take_new(&mut self, message: MessageId) -> bool {
        self.entry(message).is_some_and(|edit| std::mem::take(&mut edit.is_new))
    }

    /// The messages of a room that are being edited and stand outside of a stretch of its timeline: those before it, and
    /// those after it.
    #[must_use]
    pub fn outside<'a>(
        &'a self,
        room: RoomId,
        timeline: &'a Timeline,
        (first, last): (Seq, Seq),
    ) -> [Vec<&'a MessageView>; 2] {
        let latest = |edit: &'a Edit| {
            let seq = edit.message.seq;
            timeline.between(seq, seq).next().unwrap_or(&edit.message)
        };
        let of = |is_there: &dyn Fn(Seq) -> bool| {
            let edits = self.edits.iter().filter(|edit| edit.message.room == room && is_there(edit.message.seq));
            edits.map(latest).collect()
        };
        [of(&|seq| seq < first), of(&|seq| seq > last)]
    }

    fn entry(&mut self, message: MessageId) -> Option<&mut Edit> {
        self.edits.iter_mut().find(|edit| edit.message.id == message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use madang_client::fixtures::{message, snapshot};

    const ROOM: RoomId = RoomId(1);

    fn timeline() -> Timeline {
        let messages = (1..=9).map(|seq| message(seq, seq, "a")).collect();
        Timeline::new(&snapshot(messages))
    }

    fn seqs(messages: &[&MessageView]) -> Vec<i64> {
        messages.iter().map(|message| message.seq.0).collect()
    }

    #[test]
    fn what_was_typed_stays_until_the_edit_ends() {
        let (mut edits, view) = (Edits::default(), message(7, 7, "a"));
        let message = view.id;
        edits.note(message, "nothing was begun".to_owned());
        assert!(!edits.has(message));
        edits.begin(view.clone());
        assert_eq!((edits.has(message), edits.typed(message)), (true, None));
        edits.note(message, "half a".to_owned());
        edits.begin(view);
        assert_eq!(edits.typed(message).as_deref(), Some("half a"));
        edits.end(message);
        assert_eq!((edits.has(message), edits.typed(message)), (false, None));
    }

    #[test]
    fn what_is_typed_while_it_is_saved_is_told_from_what_is_saved() {
        let (mut edits, view) = (Edits::default(), message(7, 7, "a"));
        let saved = MessageText::parse("half a").unwrap();
        edits.begin(view.clone());
        assert!(edits.is_at(view.id, &saved), "nothing has been typed");
        edits.note(view.id, "half a ".to_owned());
        assert!(edits.is_at(view.id, &saved), "blanks at its end don't count");
        edits.note(view.id, "half a word".to_owned());
        assert!(!edits.is_at(view.id, &saved));
    }

    #[test]
    fn an_editor_is_new_once() {
        let (mut edits, view) = (Edits::default(), message(7, 7, "a"));
        let message = view.id;
        edits.begin(view.clone());
        assert_eq!((edits.take_new(message), edits.take_new(message)), (true, false));
        edits.end(message);
        edits.begin(view);
        assert!(edits.take_new(message));
    }

    #[test]
    fn messages_being_edited_outside_of_a_stretch_are_told_by_side_and_in_order() {
        let timeline = timeline();
        let mut edits = Edits::default();
        for seq in [9, 2, 5, 1] {
            edits.begin(timeline.between(Seq(seq), Seq(seq)).next().unwrap().clone());
        }
        let [before, after] = edits.outside(ROOM, &timeline, (Seq(4), Seq(6)));
        assert_eq!((seqs(&before), seqs(&after)), (vec![1, 2], vec![9]));
        let [before, after] = edits.outside(ROOM, &timeline, (Seq(1), Seq(9)));
        assert_eq!((seqs(&before), seqs(&after)), (vec![], vec![]));
    }

    #[test]
    fn what_the_timeline_no_longer_holds_keeps_its_row_and_another_room_has_none() {
        let messages = (60..=99).map(|seq| message(seq, seq, "a")).collect();
        let timeline = Timeline::new(&snapshot(messages));
        let mut edits = Edits::default();
        edits.begin(message(2, 2, "long ago"));
        edits.begin(MessageView { room: RoomId(2), ..message(3, 3, "elsewhere") });
        let [before, after] = edits.outside(ROOM, &timeline, (Seq(60), Seq(99)));
        assert_eq!((seqs(&before), after.len()), (vec![2], 0));
    }
}
