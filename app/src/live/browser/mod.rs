//! The driver of the client engine in the browser: passes inputs to the engine, and executes its actions.
//!
//! No decision is made here, and nothing is remembered but handles of what the browser gives.

mod idb;
mod store;
mod tabs;
mod wire;

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
};

use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise};
use lean::effect;
use leptos::{ev, prelude::*, task::spawn_local};
use madang_client::{
    engine::{Action, Engine, Ticket},
    link::Link,
};
use madang_common::{fault::Fault, route, text::RoomSlug};
use wasm_bindgen::JsValue;

pub(super) use super::web_api::random;
use super::{
    Chat,
    signals::{Signals, view},
    web_api::{complain, is_visible, load, mark, path},
};
use idb::Database;
use tabs::Tabs;
use wire::Wire;

type Outcome = Result<Option<RoomSlug>, Fault>;

/// A handle of the page's only driver.
#[derive(Clone, Copy)]
pub(super) struct Driver(StoredValue<Rc<Inner>, LocalStorage>);

#[derive(Default)]
struct Inner {
    engine: OnceCell<RefCell<Engine<Signals>>>,
    wire: OnceCell<Wire>,
    database: Database,
    tabs: Tabs,
    /// Wakes the engine at this time.
    alarm: RefCell<Option<(f64, Timeout)>>,
    tickets: Cell<u64>,
    /// Who waits for what was asked for, and what has come of it.
    waiting: RefCell<Vec<(Ticket, Function)>>,
    outcomes: RefCell<Vec<(Ticket, Outcome)>>,
}

impl Driver {
    pub(super) fn new() -> Self {
        Self(StoredValue::new_local(Rc::default()))
    }

    /// Makes the engine, which shows what the page's signals show.
    pub(super) fn begin(self, chat: Chat) {
        let made = self.0.get_value().engine.set(RefCell::new(Engine::new(view(chat))));
        debug_assert!(made.is_ok(), "a page has one engine");
    }

    /// Connects, unless this is a page for someone who has yet to join.
    pub(super) fn start(self, chat: Chat) {
        mark("data-hydrated", true);
        effect(move || mark("data-live", chat.link.get() == Link::Live));
        // Without a first paint (feature `csr`) only the server knows whether anybody is signed in.
        if chat.me.with_untracked(Option::is_none) && !cfg!(feature = "csr") {
            return;
        }
        let inner = self.0.get_value();
        let me = chat.me.with_untracked(|me| me.as_ref().map(|me| me.id)).unwrap_or_default();
        self.tell(|engine| {
            if let Some(posted) = store::take_posted() {
                engine.posted_before(posted);
            }
            engine.set_visible(is_visible());
            engine.start(&store::spilled(me));
        });
        inner.tabs.listen(move |news| self.tell(|engine| engine.tab_told(&news)));
        let seen = window_event_listener(ev::visibilitychange, move |_| {
            self.tell(|engine| engine.set_visible(is_visible()))
        });
        let left = window_event_listener(ev::pagehide, move |_| self.tell(Engine::leave));
        // For as long as the page lives.
        std::mem::forget((seen, left));
        drop(inner.wire.set(Wire::open(self)));
        if cfg!(feature = "csr") {
            effect(move || leave_join_page(chat));
        }
    }

    /// Tells the engine something, and does what it wants done about it.
    pub(super) fn tell(self, tell: impl FnOnce(&mut Engine<Signals>)) {
        let inner = self.0.get_value();
        if let Some(engine) = inner.engine.get() {
            tell(engine.borrow_mut().at(js_sys::Date::now()));
            self.act(&inner, engine);
        }
    }

    /// Asks the engine for something that has an outcome.
    pub(super) async fn ask(self, ask: impl FnOnce(&mut Engine<Signals>, Ticket)) -> Outcome {
        let inner = self.0.get_value();
        let ticket = Ticket(inner.tickets.get());
        inner.tickets.set(ticket.0 + 1);
        let done = Promise::new(&mut |done, _| inner.waiting.borrow_mut().push((ticket, done)));
        self.tell(|engine| ask(engine, ticket));
        // It is only ever resolved.
        drop(done.await);
        let mut outcomes = inner.outcomes.borrow_mut();
        let at = outcomes.iter().position(|(done, _)| *done == ticket);
        at.map_or(Ok(None), |at| outcomes.swap_remove(at).1)
    }

    /// Does what the engine wants done, and has it woken when it wants to be.
    fn act(self, inner: &Rc<Inner>, engine: &RefCell<Engine<Signals>>) {
        let (actions, wake_at) = {
            let mut engine = engine.borrow_mut();
            (engine.take_actions(), engine.wake_at())
        };
        for action in actions {
            self.perform(inner, action);
        }
        let mut alarm = inner.alarm.borrow_mut();
        if alarm.as_ref().map(|(at, _)| *at) != wake_at {
            *alarm = wake_at.map(|at| {
                let millis = (at - js_sys::Date::now()).max(0.0) as u32 + 1;
                (at, Timeout::new(millis, move || self.wake()))
            });
        }
    }

    fn wake(self) {
        drop(self.0.get_value().alarm.take());
        self.tell(Engine::due);
    }

    fn perform(self, inner: &Rc<Inner>, action: Action) {
        match action {
            Action::Request { id, event, data } => {
                if let Some(wire) = inner.wire.get() {
                    wire.request(self, id, event, &data);
                }
            }
            Action::Tell { event, data } => {
                if let Some(wire) = inner.wire.get() {
                    wire.tell(event, &data);
                }
            }
            Action::Reconnect => inner.wire.get().into_iter().for_each(Wire::reconnect),
            Action::ComeBackIn(millis) => inner.wire.get().into_iter().for_each(|wire| wire.come_back_in(millis)),
            Action::Close => {
                inner.wire.get().into_iter().for_each(Wire::close);
                if path() != route::JOIN_PAGE {
                    load(route::JOIN_PAGE);
                }
            }
            Action::OpenDisk => {
                let inner = inner.clone();
                self.once(async move { inner.database.open().await }, Engine::disk_opened);
            }
            Action::ReadOutbox { me } => self.once(store::unsent(&inner.database, me), Engine::outbox_read),
            Action::WriteOutbox { me, id, message } => {
                let written = store::write(&inner.database, me, id, message);
                self.once(written, move |engine, is_written| engine.outbox_written(id, is_written));
            }
            Action::ForgetSpilled { me, ids } => store::forget_spilled(me, &ids),
            Action::Spill { me, outbox, drafts } => store::spill(me, &outbox, &drafts),
            Action::ReadDraft { me, room } => {
                let draft = store::draft(&inner.database, me, room);
                self.once(draft, move |engine, (draft, is_on_disk)| engine.draft_read(room, draft, is_on_disk));
            }
            Action::WriteDraft { me, room, text } => {
                let written = store::write_draft(&inner.database, me, room, &text);
                self.once(written, move |engine, is_written| engine.draft_written(room, is_written));
            }
            Action::ForgetDraft { me, room, said } => {
                let forgotten = store::forget_draft(&inner.database, me, room, said);
                self.once(forgotten, move |engine, is_forgotten| engine.draft_written(room, is_forgotten));
            }
            Action::AwaitTurn { me } => {
                let inner = inner.clone();
                self.once(async move { inner.tabs.await_turn(me).await }, Engine::turn);
            }
            Action::ReleaseTurn => inner.tabs.release_turn(),
            Action::TellTabs(news) => inner.tabs.tell(&news),
            Action::Posted { .. } => {}
            Action::Done { ticket, outcome } => self.done(inner, ticket, outcome),
            Action::Complain { what, why } => complain(what, &why),
        }
    }

    /// Tells the engine what has come of something, once it has.
    fn once<T: 'static>(
        self,
        done: impl Future<Output = T> + 'static,
        tell: impl FnOnce(&mut Engine<Signals>, T) + 'static,
    ) {
        spawn_local(async move {
            let outcome = done.await;
            self.tell(|engine| tell(engine, outcome));
        });
    }

    fn done(self, inner: &Inner, ticket: Ticket, outcome: Outcome) {
        inner.outcomes.borrow_mut().push((ticket, outcome));
        let mut waiting = inner.waiting.borrow_mut();
        if let Some(at) = waiting.iter().position(|(waiting, _)| *waiting == ticket) {
            // A function that resolves a promise does not fail.
            drop(waiting.swap_remove(at).1.call0(&JsValue::UNDEFINED));
        }
    }
}

/// Without a first paint the page learns only from the server that it may leave the join page.
fn leave_join_page(chat: Chat) {
    let slug = chat.rooms.with(|rooms| rooms.joined().next().map(|(room, _)| room.slug.clone()));
    if let Some(slug) = slug.filter(|_| path() == route::JOIN_PAGE) {
        load(&route::with(route::ROOM, slug.as_str()));
    }
}
