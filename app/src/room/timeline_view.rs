//! The state of a timeline's view: which messages are drawn, and where the reader is.

use lean::prelude::*;
use leptos::task::spawn_local;
use madang_client::open_room::OpenRoom;
use madang_common::{
    id::{RoomId, Seq},
    message::Body,
};

use super::scroll::Place;
use crate::{
    live::{Chat, dom},
    state::{
        rows::{Row, RowKind, row_alone, rows},
        window::Window,
    },
};

/// How close to either end of what is drawn more is drawn, in pixels.
pub(super) const NEAR: f64 = 600.0;

/// What the timeline of one room knows beyond its messages.
#[derive(Clone, Copy)]
pub(super) struct View {
    pub(super) chat: Chat,
    pub(super) room: RoomId,
    pub(super) window: RwSignal<Window>,
    /// The first and the last message that the page holds.
    pub(super) held: Memo<Option<(Seq, Seq)>>,
    /// Whether the reader is somewhere else than at the end.
    pub(super) away: RwSignal<bool>,
    /// The last message when the reader was at the end.
    pub(super) seen: RwSignal<Seq>,
    /// The last message before the "new" divider; 0 for none.
    pub(super) divider: RwSignal<Seq>,
    /// Counts the wishes to be at the end.
    pub(super) to_end: RwSignal<u32>,
    pub(super) loading: RwSignal<bool>,
    pub(super) failed: RwSignal<bool>,
}

impl View {
    pub(super) fn new(chat: Chat, room: RoomId) -> Self {
        let held = Memo::new(move |_| of(chat, room, held));
        let all = held.get_untracked().unwrap_or_default();
        let unread = of_untracked(chat, room, |open| {
            let read = open.read_on_open;
            (count_said_after(chat, open, read) > 0).then_some(read)
        });
        Self {
            chat,
            room,
            window: RwSignal::new(Window::at_end(all)),
            held,
            away: RwSignal::new(false),
            seen: RwSignal::new(all.1),
            divider: RwSignal::new(unread.unwrap_or(Seq(0))),
            to_end: RwSignal::new(0),
            loading: RwSignal::new(false),
            failed: RwSignal::new(false),
        }
    }

    pub(super) fn rows(self, local: bool) -> Vec<Row> {
        let divider = self.divider.get();
        let day_of = |at| if local { dom::day_number(at) } else { at.0.div_euclid(86_400_000) };
        let Some(me) = self.chat.me.get() else { return Vec::new() };
        self.chat.outbox.with(|outbox| {
            of(self.chat, self.room, |open| {
                let timeline = &open.timeline;
                let held = held(open).unwrap_or_default();
                // Much may have come at once: what would not stay is not drawn first.
                let window = self.window.get().grown(held, !self.away.get_untracked());
                let stored = |id| {
                    timeline.messages().rev().any(|message| message.client_id == id && message.author.id == me.id)
                };
                let unsent = outbox.of(self.room).filter(|pending| window.follows() && !stored(pending.client_id));
                let (first, last) = window.stretch(held);
                // The message before the first tells whether that opens a group or a day.
                let led = timeline.first().is_some_and(|oldest| oldest < first);
                let from = if led { Seq(first.0 - 1) } else { first };
                let mut rows = rows(timeline.between(from, last), unsent, &me, divider, day_of);
                if led {
                    // Its day, and itself.
                    rows.drain(..rows.len().min(2));
                }
                // What is being edited keeps its row wherever the window is. There is a gap between the two, which the
                // window fills as the reader comes near.
                let alone =
                    |side: Vec<&_>| side.into_iter().map(|message| row_alone(message, &me)).collect::<Vec<_>>();
                let [before, after] =
                    self.chat.edits.with(|edits| edits.outside(self.room, timeline, (first, last)).map(alone));
                Some(before.into_iter().chain(each_day_once(rows)).chain(after).collect())
            })
            .unwrap_or_default()
        })
    }

    /// Draws more where the reader is close to an end of what is drawn.
    pub(super) fn look_around(self, place: &Place) {
        let Some(held) = self.held.get_untracked() else { return };
        let window = self.window.get_untracked();
        let (first, last) = window.stretch(held);
        // One types in a row that is drawn beside the window: there is the reader now.
        if let Some((row, seq)) = place.row_in_use().filter(|(_, seq)| *seq < first || *seq > last) {
            place.hold(row);
            self.window.set(Window::around(seq, held));
        } else if place.above() < NEAR {
            match window.up(held) {
                Some(up) => self.window.set(up),
                None => self.load_earlier(),
            }
        } else if place.below() < NEAR
            && let Some(down) = window.down(held)
        {
            self.window.set(down);
        }
    }

    pub(super) fn load_earlier(self) {
        let earlier = of_untracked(self.chat, self.room, |open| Some(open.timeline.has_earlier()));
        if earlier != Some(true) || self.loading.get_untracked() || self.failed.get_untracked() {
            return;
        }
        self.loading.set(true);
        spawn_local(async move {
            let loaded = self.chat.load_earlier().await;
            // The room may have been left meanwhile, and the signals with it.
            self.loading.try_set(false);
            self.failed.try_set(loaded.is_err());
            if let (Some(Some(held)), Some(window)) = (self.held.try_get_untracked(), self.window.try_get_untracked())
                && let Some(up) = window.up(held)
            {
                self.window.try_set(up);
            }
        });
    }

    pub(super) fn go_to_end(self) {
        self.window.set(Window::at_end(self.held.get_untracked().unwrap_or_default()));
        self.to_end.update(|times| *times += 1);
    }
}

pub(super) fn of<T>(chat: Chat, room: RoomId, look: impl FnOnce(&OpenRoom) -> Option<T>) -> Option<T> {
    chat.open.with(|open| open.as_ref().filter(|open| open.room.id == room).and_then(look))
}

fn of_untracked<T>(chat: Chat, room: RoomId, look: impl FnOnce(&OpenRoom) -> Option<T>) -> Option<T> {
    untrack(|| of(chat, room, look))
}

/// The messages that can be drawn. As long as there are older ones, the oldest is kept back: whether it opens a group
/// is not known yet, and a row must not change its height when others come before it.
fn held(open: &OpenRoom) -> Option<(Seq, Seq)> {
    let (first, last) = (open.timeline.first()?, open.timeline.last()?);
    Some((if open.timeline.has_earlier() { last.min(Seq(first.0 + 1)) } else { first }, last))
}

/// Clocks differ, and so a day may come up again. Its rows have one key, which must stand for one row.
fn each_day_once(mut rows: Vec<Row>) -> Vec<Row> {
    let mut days = Vec::new();
    rows.retain(|row| {
        let again = matches!(row.kind, RowKind::Day(_)) && days.contains(&row.key);
        if matches!(row.kind, RowKind::Day(_)) {
            days.push(row.key.clone());
        }
        !again
    });
    rows
}

/// Texts of others after a message.
pub(super) fn count_said_after(chat: Chat, open: &OpenRoom, seq: Seq) -> usize {
    let me = chat.me.with(|me| me.as_ref().map(|me| me.id));
    let after = open.timeline.messages().rev().take_while(|message| message.seq > seq);
    after.filter(|message| matches!(message.body, Body::Text { .. }) && Some(message.author.id) != me).count()
}
