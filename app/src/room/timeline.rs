//! The timeline: the messages of the open room, of which a window is drawn as rows.

use std::rc::Rc;

use lean::prelude::*;
use leptos::ev;
use madang_client::link::Link;
use madang_common::id::{RoomId, Seq};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::HtmlDivElement;

use super::{
    message_actions::{DeleteQuestion, Deletion},
    message_row::MessageRow,
    pill::Pill,
    scroll::Place,
    timeline_view::{NEAR, View, count_said_after, of},
};
use crate::{
    live::Chat,
    state::rows::{Row, RowKind},
    texts::{text, use_i18n},
    ui::{
        list::{Item, List},
        local_day::LocalDay,
    },
};

/// The timeline of the open room.
#[component]
pub(crate) fn Timeline() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let room = Memo::new(move |_| chat.open.with(|open| open.as_ref().map(|open| open.room.id)));
    view! { {move || room.get().map(|room| view! { <RoomTimeline room/> })} }
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

    // Where the reader is; nowhere while the server draws.
    let place = StoredValue::new(None::<SendWrapper<Rc<Place>>>);
    effect(move || {
        if let (Some(frame), Some(content)) = (frame.get(), content.get()) {
            let there = Rc::new(Place::new(frame.into(), content.into()));
            place.set_value(Some(SendWrapper::new(Rc::clone(&there))));
            follow(view, there);
        }
    });
    let drawn = move || {
        place.with_value(|place| {
            if let Some(place) = place {
                place.note_focus();
            }
        });
        rows.get()
    };
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
                        <List rows=Box::new(move || drawn().into_iter().map(item).collect())/>
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
                // So little is drawn, or has been left, that there is nothing to scroll.
                if place.above() < NEAR {
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
        if view.chat.link.get() == Link::Live {
            view.failed.set(false);
        }
    });
}
