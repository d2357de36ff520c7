//! A feed: what happens in a room, each message once and in order, for a program that acts on it.
//!
//! ```
//! use madang_client::{engine::Engine, feed::Feed, view::View};
//!
//! let engine = Engine::new(View::empty());
//! let mut feed = Feed::default();
//! feed.look(&engine);
//! assert!(feed.next().is_none(), "nothing is open yet");
//! ```

use std::collections::VecDeque;

use madang_common::{
    id::{Rev, Seq},
    message::{Body, MessageView},
};

use crate::{
    engine::Engine,
    timeline::Timeline,
    view::{Cells, ViewCell as _},
};

/// Something that happened in a room. A message is as it was when the feed looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A message that was not told before: a text, a notice, or the place of one that was deleted before it was told. These
    /// come in the order of `seq`.
    New(MessageView),
    /// A message that was told has another text.
    Edited(MessageView),
    /// A message that was told has been deleted.
    Deleted(MessageView),
}

impl Event {
    /// The message that it is about.
    #[must_use]
    pub fn message(&self) -> &MessageView {
        match self {
            Self::New(message) | Self::Edited(message) | Self::Deleted(message) => message,
        }
    }
}

/// What has been told of the open room, and what is to be told next.
///
/// It begins after what the room holds when it is first seen, and goes on across reconnects: nothing is told while what was
/// missed is still being fetched, for that comes by revision, and so not in the order in which it was said.
#[derive(Debug, Default)]
pub struct Feed {
    /// Up to which revision, and which message, all has been told; `None` before the room is open.
    told: Option<(Rev, Seq)>,
    waiting: VecDeque<Event>,
}

impl Feed {
    /// Whether the room has been seen open.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.told.is_some()
    }

    /// Whether all that the room holds has been told, or waits for that here.
    #[must_use]
    pub fn has_all(&self, timeline: &Timeline) -> bool {
        self.told.is_some_and(|(rev, _)| rev == timeline.rev())
    }

    /// What is to be told next.
    #[expect(clippy::should_implement_trait, reason = "it goes on after there was nothing")]
    pub fn next(&mut self) -> Option<Event> {
        self.waiting.pop_front()
    }

    /// Looks at what has changed in the open room.
    pub fn look<C: Cells>(&mut self, engine: &Engine<C>) {
        engine.view.open.with(|open| {
            let Some(timeline) = open.as_ref().map(|open| &open.timeline) else { return };
            if self.told.is_none() || engine.is_whole() {
                self.take(timeline);
            }
        });
    }

    fn take(&mut self, timeline: &Timeline) {
        let now = (timeline.rev(), timeline.last().unwrap_or_default());
        let Some((rev, last)) = self.told.replace(now) else { return };
        if rev == now.0 {
            return;
        }
        // A page of older messages may be ahead of the rest, which is to come yet.
        let is_due = |message: &&MessageView| rev < message.rev && message.rev <= now.0;
        let mut changed: Vec<&MessageView> = timeline.messages().filter(is_due).collect();
        // What had been told first, in the order in which it was changed; then what is new, in its order.
        changed
            .sort_by_key(|message| if message.seq > last { (true, message.seq.0) } else { (false, message.rev.0) });
        self.waiting.extend(changed.into_iter().map(|message| match message.body {
            _ if message.seq > last => Event::New(message.clone()),
            Body::Deleted => Event::Deleted(message.clone()),
            _ => Event::Edited(message.clone()),
        }));
    }
}

#[cfg(test)]
mod tests {
    use madang_common::event::room::{HistoryReply, SyncReply};

    use super::*;
    use crate::fixtures::{message, snapshot, tombstone};

    fn told(feed: &mut Feed) -> Vec<(char, i64)> {
        std::iter::from_fn(|| feed.next())
            .map(|event| match event {
                Event::New(message) => ('n', message.seq.0),
                Event::Edited(message) => ('e', message.seq.0),
                Event::Deleted(message) => ('d', message.seq.0),
            })
            .collect()
    }

    #[test]
    fn what_the_room_held_at_first_is_not_told() {
        let mut feed = Feed::default();
        let mut timeline = Timeline::new(&snapshot(vec![message(1, 1, "a")]));
        feed.take(&timeline);
        assert_eq!(told(&mut feed), []);
        timeline.apply_live(vec![message(2, 2, "b"), message(1, 3, "A"), tombstone(2, 4)]);
        feed.take(&timeline);
        feed.take(&timeline);
        assert_eq!(told(&mut feed), [('e', 1), ('n', 2)]);
    }

    #[test]
    fn what_was_missed_is_told_in_the_order_in_which_it_was_said() {
        let mut feed = Feed::default();
        let mut timeline = Timeline::new(&snapshot(vec![message(1, 1, "a"), message(2, 2, "b")]));
        feed.take(&timeline);
        // The third was edited after the fourth was said, so that a sync has it last.
        let changes = vec![message(4, 4, "d"), tombstone(1, 5), message(3, 6, "C"), message(2, 7, "B")];
        timeline.apply_sync(SyncReply { changes, rev: Rev(7), more: false });
        feed.take(&timeline);
        assert_eq!(told(&mut feed), [('d', 1), ('e', 2), ('n', 3), ('n', 4)]);
        assert!(feed.has_all(&timeline));
    }

    #[test]
    fn what_a_page_of_older_messages_has_before_it_is_live_is_told_once() {
        let mut feed = Feed::default();
        let mut recent = snapshot(vec![message(2, 2, "b")]);
        recent.earlier = true;
        let mut timeline = Timeline::new(&recent);
        feed.take(&timeline);
        timeline.ask_history();
        timeline.apply_history(HistoryReply { messages: vec![message(1, 4, "A")], earlier: false });
        timeline.apply_live(vec![message(3, 3, "c")]);
        feed.take(&timeline);
        assert_eq!(told(&mut feed), [('n', 3)]);
        timeline.apply_live(vec![message(1, 4, "A")]);
        feed.take(&timeline);
        assert_eq!(told(&mut feed), [('e', 1)]);
    }

    #[test]
    fn a_server_that_goes_back_is_followed() {
        let mut feed = Feed::default();
        feed.take(&Timeline::new(&snapshot(vec![message(1, 1, "a"), message(2, 2, "b")])));
        let mut timeline = Timeline::new(&snapshot(vec![message(1, 1, "a")]));
        feed.take(&timeline);
        timeline.apply_live(vec![message(2, 2, "another")]);
        feed.take(&timeline);
        assert_eq!(told(&mut feed), [('n', 2)]);
    }
}
