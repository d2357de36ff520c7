//! The page's connection: signals that its parts draw from, and what they can ask of it. On the server there is none.

use std::rc::Rc;

use leptos::prelude::*;
use serde_json::Value;

use crate::state::{life::Life, log::Log, seen::Seen};

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
use browser as half;
#[cfg(not(feature = "hydrate"))]
mod server;
#[cfg(not(feature = "hydrate"))]
use server as half;

pub(crate) use half::dom;

/// Called with an event's first argument.
type Handler = Rc<dyn Fn(Value)>;

/// What carries Socket.IO, as a person chooses it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Transports {
    #[default]
    WebSocket,
    Polling,
    /// Polling first, then WebSocket: how the JavaScript client starts.
    Upgrade,
}

impl Transports {
    pub(crate) const ALL: [Self; 3] = [Self::WebSocket, Self::Polling, Self::Upgrade];
}

/// The page's one connection. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Link {
    pub(crate) log: RwSignal<Log>,
    pub(crate) life: RwSignal<Life>,
    /// The id that the server gave to the socket; set while events can go both ways.
    pub(crate) id: RwSignal<Option<String>>,
    pub(crate) transports: RwSignal<Transports>,
    /// Whether the last thing to be sent could not be.
    pub(crate) unsent: RwSignal<bool>,
}

impl Link {
    pub(crate) fn new() -> Self {
        Self {
            log: RwSignal::default(),
            life: RwSignal::default(),
            id: RwSignal::default(),
            transports: RwSignal::default(),
            unsent: RwSignal::default(),
        }
    }

    /// Calls `handler` for each Socket.IO event of that name. Registered once, however often the page connects: a
    /// handler that is bound at each connect is called twice after the second.
    pub(crate) fn on(self, event: &'static str, handler: impl Fn(Value) + 'static) {
        half::on(event, Rc::new(handler));
    }

    /// Connects by Socket.IO to the namespace `/`, and stays connected. To be called once the handlers are there.
    pub(crate) fn start_socket_io(self) {
        half::start_socket_io(self);
    }

    /// Connects by a plain WebSocket; `on_text` is called with each text frame.
    pub(crate) fn start_plain(self, on_text: impl Fn(String) + 'static) {
        half::start_plain(self, Rc::new(on_text));
    }

    /// Sends an event, and says whether it went out.
    pub(crate) fn emit(self, event: &'static str, data: &Value) -> bool {
        self.sent(half::emit(event, data))
    }

    /// Sends an event that asks for an answer, and says whether it went out. `then` is called with the answer, once.
    pub(crate) fn emit_with_ack(self, event: &'static str, data: &Value, then: impl FnOnce(Value) + 'static) -> bool {
        self.sent(half::emit_with_ack(event, data, Box::new(then)))
    }

    /// Sends a text frame on the plain WebSocket, and says whether it went out.
    pub(crate) fn send(self, text: &str) -> bool {
        self.sent(half::send(self, text))
    }

    /// Ends the connection until [`connect`](Self::connect).
    pub(crate) fn disconnect(self) {
        self.life.update(Life::leave);
        half::disconnect();
    }

    /// Connects again.
    pub(crate) fn connect(self) {
        half::connect(self);
    }

    /// Connects anew, by these.
    pub(crate) fn choose(self, transports: Transports) {
        self.transports.set(transports);
        self.disconnect();
        half::start_socket_io(self);
    }

    /// Takes in what was seen on the wire.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "the server's page sees nothing"))]
    fn see(self, seen: Seen) {
        self.life.update(|life| life.see(&seen));
        self.log.update(|log| log.push(dom::time_of_day(), seen));
    }

    fn sent(self, sent: bool) -> bool {
        self.unsent.set(!sent);
        sent
    }
}
