//! The manager of a connection: connects, reconnects with backoff, and routes packets to their namespace.
//!
//! Handlers are called from here, and may call back into it at any point: no borrow is held across a call that
//! leads to one, and states are worked out anew for each namespace that is told.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use gloo_timers::callback::Timeout;
use serde_json::Value;

use crate::{
    Options, Reason, State, Subscription, Transport, Wire,
    browser::{self, Listener, after, now, random},
    engine::Input,
    farewell::Farewell,
    handlers::Handlers,
    message::Decoder,
    namespace::Namespace,
    session::{News, Session},
};

/// A link that has been up this long, in milliseconds, has succeeded: the backoff starts anew. A server that
/// accepts and drops must not be asked twice a second for ever.
pub(crate) const STABLE_MS: f64 = 5000.0;

type WireHandler = dyn Fn(&Wire<'_>);

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Link {
    Idle,
    Connecting,
    Up(Transport),
    Waiting { retry_at_ms: f64, reason: Reason },
}

pub(crate) struct Manager {
    own: Weak<Self>,
    pub(crate) options: Options,
    opened: Cell<bool>,
    link: Cell<Link>,
    session: RefCell<Option<Rc<Session>>>,
    namespaces: RefCell<Vec<Rc<Namespace>>>,
    decoder: RefCell<Decoder>,
    /// Counts connections, so that what belongs to an earlier one is known.
    connection: Cell<u32>,
    /// Attempts that failed in a row.
    failures: Cell<u32>,
    farewell: Cell<Farewell>,
    up_since_ms: Cell<f64>,
    /// Since when no namespace could be used.
    down_since_ms: Cell<Option<f64>>,
    retry: RefCell<Option<Timeout>>,
    /// WebSocket failed where polling worked: polling is tried first until an upgrade has succeeded, or each
    /// reconnect would have to wait for WebSocket to fail again.
    polling_first: Cell<bool>,
    upgrade_failures: Cell<u32>,
    watchers: Handlers<WireHandler>,
    listener: RefCell<Option<Listener>>,
}

impl Manager {
    pub(crate) fn new(options: Options) -> Rc<Self> {
        Rc::new_cyclic(|own| Self {
            own: own.clone(),
            options,
            opened: Cell::new(false),
            link: Cell::new(Link::Idle),
            session: RefCell::default(),
            namespaces: RefCell::default(),
            decoder: RefCell::default(),
            connection: Cell::new(0),
            failures: Cell::new(0),
            farewell: Cell::default(),
            up_since_ms: Cell::new(0.0),
            down_since_ms: Cell::new(None),
            retry: RefCell::default(),
            polling_first: Cell::new(false),
            upgrade_failures: Cell::new(0),
            watchers: Handlers::default(),
            listener: RefCell::default(),
        })
    }

    pub(crate) fn namespace(self: &Rc<Self>, name: &str, auth: Option<Value>) -> Rc<Namespace> {
        let name = ["/", name.trim_start_matches('/')].concat();
        if let Some(known) = self.find(&name) {
            if auth.is_some() {
                known.set_auth(auth);
            }
            return known;
        }
        let namespace = Namespace::new(self.own.clone(), name, auth);
        self.namespaces.borrow_mut().push(Rc::clone(&namespace));
        self.attend(&namespace);
        namespace
    }

    fn find(&self, name: &str) -> Option<Rc<Namespace>> {
        let namespaces = self.namespaces.borrow();
        namespaces.iter().find(|ns| ns.name() == name).cloned()
    }

    pub(crate) fn open(&self) {
        self.opened.set(true);
        if self.listener.borrow().is_none() {
            let own = self.own.clone();
            let listener = Listener::new(move |news| {
                if let Some(manager) = own.upgrade() {
                    match news {
                        browser::News::Offline => manager.offline(),
                        browser::News::Awake => manager.awake(),
                    }
                }
            });
            *self.listener.borrow_mut() = listener;
        }
        self.connect_if_wanted();
    }

    pub(crate) fn close(&self) {
        self.opened.set(false);
        self.listener.take();
        self.end(Link::Idle);
    }

    pub(crate) fn on_wire(&self, handler: Rc<WireHandler>) -> Subscription {
        self.watchers.add("", handler)
    }

    pub(crate) fn show(&self, seen: &Wire<'_>) {
        if !self.watchers.is_empty() {
            for handler in self.watchers.of("") {
                handler(seen);
            }
        }
    }

    pub(crate) fn reconnect_now(&self) {
        match self.link.get() {
            Link::Waiting { .. } => self.connect(),
            Link::Up(_) => {
                let session = self.session.borrow().clone();
                if session.is_some_and(|session| session.stale()) {
                    self.lost(Reason::Silent);
                    if matches!(self.link.get(), Link::Waiting { .. }) {
                        self.connect();
                    }
                } else {
                    self.for_each_namespace(|ns| ns.ask_again_now());
                }
            }
            Link::Idle | Link::Connecting => {}
        }
    }

    pub(crate) fn come_back_in(&self, ms: u32) {
        self.farewell.set(Farewell::new(now(), ms));
    }

    /// How long to wait before attempt number `attempt`, in milliseconds.
    pub(crate) fn delay_ms(&self, attempt: u32) -> f64 {
        self.options.backoff.delay_ms(attempt, random()).max(self.farewell.get().left_ms(now()))
    }

    fn awake(&self) {
        if self.farewell.get().left_ms(now()) == 0.0 {
            self.reconnect_now();
        }
    }

    /// The browser closes no socket when the network is gone, and the heartbeat would notice late.
    fn offline(&self) {
        if matches!(self.link.get(), Link::Up(_)) {
            self.lost(Reason::Offline);
        }
    }

    /// Sends a Socket.IO packet, already encoded. The caller has seen that the namespace is connected.
    pub(crate) fn send(&self, message: String) {
        let session = self.session.borrow().clone();
        if let Some(session) = session {
            session.input(Input::Send(message));
        }
    }

    pub(crate) fn connection(&self) -> u32 {
        self.connection.get()
    }

    pub(crate) fn link(&self) -> Link {
        self.link.get()
    }

    pub(crate) fn down_since_ms(&self) -> Option<f64> {
        self.down_since_ms.get()
    }

    /// A namespace is connected: what was down is up.
    pub(crate) fn recovered(&self) {
        self.down_since_ms.set(None);
    }

    /// Brings `namespace`, new or wanted again, to where the link is.
    pub(crate) fn attend(&self, namespace: &Rc<Namespace>) {
        match self.link.get() {
            Link::Up(_) => namespace.ask(),
            _ => {
                self.connect_if_wanted();
                namespace.refresh();
            }
        }
    }

    /// A namespace is given up. A link that carries none is closed; servers close such links themselves, and
    /// would be asked again and again.
    pub(crate) fn gave_up(&self) {
        if !self.wanted() {
            self.end(Link::Idle);
        }
    }

    /// The link does not work any more.
    pub(crate) fn lost(&self, reason: Reason) {
        let now = now();
        if matches!(self.link.get(), Link::Up(_)) && now - self.up_since_ms.get() >= STABLE_MS {
            self.failures.set(0);
        }
        if !(self.opened.get() && self.wanted()) {
            return self.end(Link::Idle);
        }
        let failures = self.failures.get();
        let delay = self.delay_ms(failures);
        self.failures.set(failures.saturating_add(1));
        if self.down_since_ms.get().is_none() {
            self.down_since_ms.set(Some(now));
        }
        let own = self.own.clone();
        let timer = after(delay, move || {
            if let Some(manager) = own.upgrade() {
                manager.connect();
            }
        });
        *self.retry.borrow_mut() = Some(timer);
        let retry_at_ms = now + delay;
        self.end(Link::Waiting { retry_at_ms, reason });
    }

    /// Lets go of the connection, and tells the namespaces.
    fn end(&self, link: Link) {
        self.link.set(link);
        if link == Link::Idle {
            self.retry.take();
            self.down_since_ms.set(None);
        }
        if let Some(session) = self.session.take() {
            session.retire();
        }
        self.for_each_namespace(|ns| ns.link_lost());
    }

    fn wanted(&self) -> bool {
        self.namespaces.borrow().iter().any(|ns| ns.wanted())
    }

    fn connect_if_wanted(&self) {
        if self.opened.get() && self.link.get() == Link::Idle && self.wanted() {
            self.failures.set(0);
            self.connect();
        }
    }

    fn connect(&self) {
        self.retry.take();
        self.link.set(Link::Connecting);
        let mut order = self.options.transports.clone();
        let polling = order.iter().position(|transport| *transport == Transport::Polling);
        if let Some(at) = polling.filter(|_| self.polling_first.get()) {
            order.swap(0, at);
        }
        let session = Session::new(self.own.clone(), &self.options, order);
        self.session.replace(Some(Rc::clone(&session)));
        session.input(Input::Start);
        self.for_each_namespace(|ns| ns.refresh());
    }

    /// Takes news of the session that is in use.
    pub(crate) fn hear(&self, news: News) {
        match news {
            News::Up { transport, upgradable, fell_back } => {
                self.link.set(Link::Up(transport));
                self.decoder.take();
                self.farewell.take();
                self.connection.set(self.connection.get().wrapping_add(1));
                self.up_since_ms.set(now());
                if transport == Transport::WebSocket {
                    self.polling_first.set(false);
                } else if fell_back {
                    self.polling_first.set(true);
                }
                if upgradable {
                    self.schedule_upgrade();
                }
                self.for_each_namespace(|ns| ns.ask());
            }
            News::Upgraded => {
                self.link.set(Link::Up(Transport::WebSocket));
                self.polling_first.set(false);
                self.upgrade_failures.set(0);
                self.for_each_namespace(|ns| ns.refresh());
            }
            News::UpgradeFailed => {
                self.polling_first.set(true);
                let failures = self.upgrade_failures.get();
                self.upgrade_failures.set(failures.saturating_add(1));
                self.schedule_upgrade();
            }
            News::Text(text) => {
                let decoded = self.decoder.borrow_mut().text(text);
                self.dispatch(decoded);
            }
            News::Binary(bytes) => {
                let decoded = self.decoder.borrow_mut().binary(bytes);
                self.dispatch(decoded);
            }
            News::Down(reason) => self.lost(reason),
        }
    }

    fn dispatch(&self, decoded: Result<Option<crate::message::Incoming>, crate::packet::Malformed>) {
        // What is malformed is skipped: the packets around it are still good. It can be seen with `on_wire`.
        if let Ok(Some(packet)) = decoded
            && let Some(namespace) = self.find(&packet.namespace)
        {
            namespace.receive(packet.data);
        }
    }

    fn schedule_upgrade(&self) {
        let backoff = &self.options.upgrade_backoff;
        let delay = match self.polling_first.get() {
            true => backoff.delay_ms(self.upgrade_failures.get(), random()),
            false => 0.0,
        };
        let session = self.session.borrow().clone();
        if let Some(session) = session {
            session.probe_in(delay);
        }
    }

    fn for_each_namespace(&self, act: impl Fn(&Rc<Namespace>)) {
        let namespaces = self.namespaces.borrow().clone();
        namespaces.iter().for_each(act);
    }

    /// The state of a namespace that is wanted, and not connected on the link as it is.
    pub(crate) fn state(&self) -> State {
        match self.link.get() {
            Link::Idle => State::Closed,
            Link::Connecting | Link::Up(_) => State::Connecting { attempt: self.failures.get() },
            Link::Waiting { retry_at_ms, reason } => {
                State::Waiting { since_ms: self.down_since_ms.get().unwrap_or(retry_at_ms), retry_at_ms, reason }
            }
        }
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            session.retire();
        }
    }
}
