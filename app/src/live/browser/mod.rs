//! The driver of the client engine in the browser: passes inputs to the engine, and executes its actions.
//!
//! No decision is made here, and nothing is remembered but handles of what the browser gives.

pub(super) mod address;
mod idb;
mod store;
mod tabs;
mod wire;

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
};

use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise, Reflect};
use lean::effect;
use leptos::{ev, prelude::*, task::spawn_local};
use madang_client::{
    engine::{Action, Engine, Ticket},
    link::Link,
};
use madang_common::{fault::Fault, route, text::RoomSlug};
use wasm_bindgen::{JsCast, JsValue};

use super::{
    Chat,
    signals::{Signals, view},
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
        if let Some(body) = document().body() {
            mark(&body, "data-hydrated", true);
            effect(move || mark(&body, "data-live", chat.link.get() == Link::Live));
        }
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
            engine.set_visible(visible());
            engine.start(&store::spilled(me));
        });
        inner.tabs.listen(move |news| self.tell(|engine| engine.tab_told(&news)));
        let seen =
            window_event_listener(ev::visibilitychange, move |_| self.tell(|engine| engine.set_visible(visible())));
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
                if location().pathname().ok().as_deref() != Some(route::JOIN_PAGE) {
                    go(route::JOIN_PAGE);
                }
            }
            Action::OpenDisk => {
                let inner = inner.clone();
                spawn_local(async move {
                    let is_open = inner.database.open().await;
                    self.tell(|engine| engine.disk_opened(is_open));
                });
            }
            Action::ReadOutbox { me } => {
                let unsent = store::unsent(&inner.database, me);
                spawn_local(async move {
                    let unsent = unsent.await;
                    self.tell(|engine| engine.outbox_read(unsent));
                });
            }
            Action::WriteOutbox { me, id, message } => {
                let written = store::write(&inner.database, me, id, message);
                spawn_local(async move {
                    let is_written = written.await;
                    self.tell(|engine| engine.outbox_written(id, is_written));
                });
            }
            Action::ForgetSpilled { me, ids } => store::forget_spilled(me, &ids),
            Action::Spill { me, outbox, drafts } => store::spill(me, &outbox, &drafts),
            Action::ReadDraft { me, room } => {
                let draft = store::draft(&inner.database, me, room);
                spawn_local(async move {
                    let (draft, is_on_disk) = draft.await;
                    self.tell(|engine| engine.draft_read(room, draft, is_on_disk));
                });
            }
            Action::WriteDraft { me, room, text } => {
                let written = store::write_draft(&inner.database, me, room, &text);
                spawn_local(async move {
                    let is_written = written.await;
                    self.tell(|engine| engine.draft_written(room, is_written));
                });
            }
            Action::AwaitTurn { me } => {
                let inner = inner.clone();
                spawn_local(async move {
                    let has_turn = inner.tabs.await_turn(me).await;
                    self.tell(|engine| engine.turn(has_turn));
                });
            }
            Action::ReleaseTurn => inner.tabs.release_turn(),
            Action::TellTabs(news) => inner.tabs.tell(&news),
            Action::Posted { .. } => {}
            Action::Done { ticket, outcome } => self.done(inner, ticket, outcome),
            Action::Complain { what, why } => complain(what, &why),
        }
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
    if let Some(slug) = slug.filter(|_| location().pathname().ok().as_deref() == Some(route::JOIN_PAGE)) {
        go(&route::with(route::ROOM, slug.as_str()));
    }
}

/// Random bytes for an id.
pub(super) fn random() -> [u8; 10] {
    let mut bytes = [0; 10];
    let filled = window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if filled.is_err() {
        // Browsers have had this for ten years. The time in the id, and the author beside it, still tell it apart.
        complain("no random numbers", "crypto.getRandomValues failed");
    }
    bytes
}

fn go(path: &str) {
    if location().set_href(path).is_err() {
        complain("the page could not be left for", path);
    }
}

fn mark(body: &web_sys::HtmlElement, name: &str, value: bool) {
    if body.set_attribute(name, if value { "true" } else { "false" }).is_err() {
        complain("an attribute of the body could not be set", name);
    }
}

/// Whether the page can be seen.
fn visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

/// What web-sys does not know or not every browser has.
fn method(of: &JsValue, name: &str) -> Result<Function, JsValue> {
    Reflect::get(of, &name.into())?.dyn_into()
}

/// Tells whoever looks at the browser's console what went wrong where nobody else can be told.
fn complain(what: &str, why: &str) {
    leptos::logging::error!("{what}: {why}");
}
