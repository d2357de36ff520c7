//! The messages of the open room: a window of them, drawn as rows.

use std::rc::Rc;

use leptos::{ev, prelude::*, task::spawn_local};
use madang_common::{
    id::{RoomId, Seq},
    message::Body,
};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::HtmlDivElement;

use super::{
    message_actions::{DeleteQuestion, Deletion},
    message_row::MessageRow,
    pill::Pill,
    scroll::Place,
};
use crate::{
    live::{Chat, dom},
    markup::{NodeRef, view},
    reactive::{Memo, RwSignal, effect},
    state::{
        open_room::OpenRoom,
        rows::{Row, RowKind, row_alone, rows},
        window::Window,
    },
    texts::{text, use_i18n},
    ui::{
        list::{Item, List},
        local_day::LocalDay,
    },
};

/// How close to either end of what is drawn more is drawn, in pixels.
const NEAR: f64 = 600.0;

/// The timeline of the open room.
#[component]
pub(crate) fn Timeline() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let room = Memo::new(move |_| chat.open.with(|open| open.as_ref().map(|open| open.room.id)));
    view! { {move || room.get().map(|room| view! { <RoomTimeline room/> })} }
}

/// What the timeline of one room knows beyond its messages.
#[derive(Clone, Copy)]
struct View {
    chat: Chat,
    room: RoomId,
    window: RwSignal<Window>,
    /// The first and the last message that the page holds.
    held: Memo<Option<(Seq, Seq)>>,
    /// Whether the reader is somewhere else than at the end.
    away: RwSignal<bool>,
    /// The last message when the reader was at the end.
    seen: RwSignal<Seq>,
    /// The last message before the "new" divider; 0 for none.
    divider: RwSignal<Seq>,
    /// Counts the wishes to be at the end.
    to_end: RwSignal<u32>,
    loading: RwSignal<bool>,
    failed: RwSignal<bool>,
}

impl View {
    fn new(chat: Chat, room: RoomId) -> Self {
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

    fn rows(self, local: bool) -> Vec<Row> {
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
                let [before, after] = self.chat.edits.with(|edits| edits.outside(timeline, (first, last)));
                let alone = |message| row_alone(message, &me);
                let rows =
                    before.into_iter().map(alone).chain(each_day_once(rows)).chain(after.into_iter().map(alone));
                Some(rows.collect())
            })
            .unwrap_or_default()
        })
    }

    /// Draws more where the reader is close to an end of what is drawn.
    fn look_around(self, place: &Place) {
        let Some(held) = self.held.get_untracked() else { return };
        let window = self.window.get_untracked();
        if place.above() < NEAR {
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

    fn load_earlier(self) {
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

    fn go_to_end(self) {
        self.window.set(Window::at_end(self.held.get_untracked().unwrap_or_default()));
        self.to_end.update(|times| *times += 1);
    }
}

#[component]
fn RoomTimeline(room: RoomId) -> impl IntoView {
    let i18n = use_i18n();
    let chat = expect_context::<Chat>();
    let view = View::new(chat, room);
    let frame = NodeRef::<HtmlDivElement>::new();
    let content = NodeRef::<HtmlDivElement>::new();
    let deletion = Deletion::new();
    provide_context(deletion);

    // The time zone is known in the browser only, and must not change the first render there.
    let local = RwSignal::new(false);
    effect(move || local.set(true));
    let rows = Memo::new(move |_| view.rows(local.get()));
    let new_ones = Memo::new(move |_| {
        let (away, seen) = (view.away.get(), view.seen.get());
        let count = || of(chat, room, |open| Some(count_said_after(chat, open, seen)));
        if away { count().unwrap_or_default() } else { 0 }
    });

    effect(move || {
        if let (Some(frame), Some(content)) = (frame.get(), content.get()) {
            follow(view, Rc::new(Place::new(frame.into(), content.into())));
        }
    });
    keep_read(view);

    let draw = move |row: Row| match row.kind {
        RowKind::Day(at) => view! { <div class="day" role="separator"><LocalDay at=at/></div> },
        RowKind::New => {
            view! { <div class="new-divider" role="separator">{move || text!(i18n, room.new_below)}</div> }
        }
        RowKind::Message(first) => {
            let key = row.key;
            let found = move |rows: &Vec<Row>| {
                rows.iter().find(|row| row.key == key).and_then(|row| match &row.kind {
                    RowKind::Message(row) => Some(row.clone()),
                    _ => None,
                })
            };
            // A row that is about to go stays as it was last.
            let row = Memo::new(move |last| rows.with(&found).or(last.cloned()).unwrap_or_else(|| first.clone()));
            view! { <MessageRow row/> }
        }
    };
    let item = move |row: Row| Item::new(row.key.clone(), move || draw(row));
    let begins = Memo::new(move |_| of(chat, room, |open| Some(!open.timeline.has_earlier())) == Some(true));
    let status = move || {
        if view.failed.get() {
            let retry = move |_| {
                view.failed.set(false);
                view.load_earlier();
            };
            view! {
                <p class="trouble" role="alert">{move || text!(i18n, room.earlier_failed)}</p>
                <button type="button" class="button" on:click=retry>{move || text!(i18n, room.retry)}</button>
            }
        } else if view.loading.get() {
            view! { <p>{move || text!(i18n, room.earlier)}</p> }
        } else if begins.get() {
            view! { <p>{move || text!(i18n, room.start)}</p> }
        } else {
            ().into_any()
        }
    };
    let key_down = move |event: ev::KeyboardEvent| {
        // In a text box it is the end of the line.
        let in_frame = event.target().is_some_and(|target| target.dyn_ref() == frame.get_untracked().as_deref());
        if event.key() == "End" && in_frame {
            event.prevent_default();
            view.go_to_end();
        }
    };

    view! {
        <div class="timeline-frame">
            <div
                id="timeline"
                class="timeline"
                role="log"
                aria-live="off"
                tabindex="0"
                aria-label=move || text!(i18n, room.timeline)
                node_ref=frame
                on:keydown=key_down
            >
                <div class="timeline-content">
                    <div class="timeline-status">{move || status()}</div>
                    <div class="timeline-rows" node_ref=content>
                        <List rows=Box::new(move || rows.get().into_iter().map(item).collect())/>
                    </div>
                </div>
            </div>
            <Pill shown=view.away count=new_ones on_press=Callback::new(move |()| view.go_to_end())/>
            <DeleteQuestion deletion/>
        </div>
    }
}

/// Keeps the reader's place from now on, and the window around it.
fn follow(view: View, place: Rc<Place>) {
    let scrolled = {
        let place = Rc::clone(&place);
        Closure::<dyn FnMut()>::new(move || {
            if place.is_there() {
                place.note(view.window.get_untracked().follows());
                view.away.maybe_update(|away| std::mem::replace(away, !place.at_end()) == place.at_end());
                view.look_around(&place);
            }
        })
        .into_js_value()
    };
    let changed = {
        let place = Rc::clone(&place);
        Closure::<dyn FnMut()>::new(move || {
            if place.is_there() {
                place.restore();
            }
        })
        .into_js_value()
    };
    let resized = {
        let place = Rc::clone(&place);
        Closure::<dyn FnMut()>::new(move || {
            if place.is_there() {
                place.restore();
                // So little is drawn that there is nothing to scroll.
                if place.above() < NEAR && place.at_end() {
                    view.look_around(&place);
                }
            }
        })
        .into_js_value()
    };
    place.listen(&scrolled, &changed, &resized);

    let reached = {
        let place = Rc::clone(&place);
        let mut before = None;
        move || {
            let times = view.to_end.get();
            if before.replace(times).is_some_and(|before| before != times) {
                place.go_to_end();
                view.away.set(false);
            }
        }
    };
    effect(reached);
    effect(move || {
        if let Some(held) = view.held.get() {
            let grown = view.window.get_untracked().grown(held, place.at_end());
            view.window.maybe_update(|window| std::mem::replace(window, grown) != grown);
        }
    });
    let mut before = None;
    effect(move || {
        let said = view.chat.said.get();
        if before.replace(said).is_some_and(|before| before != said) {
            view.divider.set(Seq(0));
            view.go_to_end();
        }
    });
}

/// Notes as read what the reader has come to the end of, and where they were when they turned away.
fn keep_read(view: View) {
    effect(move || {
        if let Some((_, last)) = view.held.get().filter(|_| !view.away.get()) {
            view.seen.set(last);
            view.chat.read(last);
        }
    });
    effect(move || {
        let hidden = window_event_listener(ev::visibilitychange, move |_| {
            if document().hidden() && !view.away.get_untracked() {
                view.divider.set(view.seen.get_untracked());
            }
        });
        on_cleanup(move || hidden.remove());
    });
    effect(move || {
        // Whatever kept older messages from coming may be over.
        if view.chat.link.get() == crate::state::link::Link::Live {
            view.failed.set(false);
        }
    });
}

fn of<T>(chat: Chat, room: RoomId, look: impl FnOnce(&OpenRoom) -> Option<T>) -> Option<T> {
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
fn count_said_after(chat: Chat, open: &OpenRoom, seq: Seq) -> usize {
    let me = chat.me.with(|me| me.as_ref().map(|me| me.id));
    let after = open.timeline.messages().rev().take_while(|message| message.seq > seq);
    after.filter(|message| matches!(message.body, Body::Text { .. }) && Some(message.author.id) != me).count()
}
