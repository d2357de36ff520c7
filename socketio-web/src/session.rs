//! The driver of the [`Engine`] in the browser: executes its actions and passes it events.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::{Rc, Weak},
};

use gloo_timers::callback::Timeout;
use js_sys::encode_uri_component;
use web_sys::window;

use crate::{
    Direction, Options, Reason, Transport, Wire,
    browser::{after, now},
    engine::{Action, Engine, Input},
    manager::Manager,
    packet::SEPARATOR,
    polling::Http,
    websocket::WebSocketLink,
    wire::Told,
};

/// What a session tells the [`Manager`].
pub(crate) enum News {
    Up { transport: Transport, upgradable: bool, fell_back: bool },
    Upgraded,
    UpgradeFailed,
    Text(String),
    Binary(Vec<u8>),
    Down(Reason),
}

pub(crate) struct Session {
    manager: Weak<Manager>,
    /// The address with `http` as its scheme, up to the `?`.
    address: String,
    engine: RefCell<Engine>,
    websocket: RefCell<Option<WebSocketLink>>,
    http: Http,
    /// The next [`Input::Tick`], and when it comes.
    tick: RefCell<Option<(f64, Timeout)>>,
    probe: RefCell<Option<Timeout>>,
    inputs: RefCell<VecDeque<Input>>,
    running: Cell<bool>,
    /// Nothing more is told to the manager.
    retired: Cell<bool>,
    /// What those who watch the wire know.
    told: Told,
}

impl Session {
    /// A session that does nothing before [`Input::Start`].
    pub(crate) fn new(manager: Weak<Manager>, options: &Options, order: Vec<Transport>) -> Rc<Self> {
        let timeout_ms = options.connect_timeout.as_secs_f64() * 1000.0;
        Rc::new(Self {
            manager,
            address: address(options),
            engine: RefCell::new(Engine::new(order, timeout_ms)),
            websocket: RefCell::default(),
            http: Http::default(),
            tick: RefCell::default(),
            probe: RefCell::default(),
            inputs: RefCell::default(),
            running: Cell::new(false),
            retired: Cell::new(false),
            told: Told::default(),
        })
    }

    /// Takes an input and does what follows from it. May be called from inside a handler: then the input waits for
    /// those before it.
    pub(crate) fn input(self: &Rc<Self>, input: Input) {
        self.trace(&input);
        self.inputs.borrow_mut().push_back(input);
        if self.running.replace(true) {
            return;
        }
        let mut actions = Vec::new();
        while let Some(input) = self.next_input() {
            self.engine.borrow_mut().handle(input, now(), &mut actions);
            for action in actions.drain(..) {
                self.perform(action);
            }
        }
        self.running.set(false);
        self.arm();
    }

    fn next_input(&self) -> Option<Input> {
        self.inputs.borrow_mut().pop_front()
    }

    /// Tries to upgrade after so many milliseconds.
    pub(crate) fn probe_in(self: &Rc<Self>, ms: f64) {
        let session = Rc::downgrade(self);
        let timer = after(ms, move || {
            if let Some(session) = session.upgrade() {
                session.input(Input::Probe);
            }
        });
        *self.probe.borrow_mut() = Some(timer);
    }

    /// Whether the heartbeat is overdue.
    pub(crate) fn stale(&self) -> bool {
        self.engine.borrow().stale(now())
    }

    /// Closes the connection. Nothing is heard of it any more.
    pub(crate) fn retire(self: &Rc<Self>) {
        self.retired.set(true);
        self.probe.take();
        self.input(Input::Close);
    }

    fn perform(self: &Rc<Self>, action: Action) {
        match action {
            Action::OpenWs { sid } => {
                self.show_connecting(Transport::WebSocket);
                let url = self.url(Transport::WebSocket, sid.as_deref());
                let link = WebSocketLink::open(&url, Rc::downgrade(self));
                let failed = link.is_none();
                self.websocket.replace(link);
                if failed {
                    self.input(Input::WsClosed);
                }
            }
            Action::SendWs(text) => {
                let sent = self.websocket.borrow().as_ref().is_some_and(|ws| ws.send(&text));
                if sent {
                    self.show_frame(Direction::Out, Transport::WebSocket, &text);
                } else {
                    self.input(Input::WsClosed);
                }
            }
            Action::CloseWs => {
                drop(self.websocket.take());
                self.show_closed(Transport::WebSocket);
            }
            Action::Poll { sid } => {
                if sid.is_none() {
                    self.show_connecting(Transport::Polling);
                }
                let url = self.url(Transport::Polling, sid.as_deref());
                self.http.get(url, Rc::downgrade(self));
            }
            Action::Post { sid, packets } => {
                let url = self.url(Transport::Polling, Some(&sid));
                let body = self.body(&packets);
                self.http.post(url, body, Rc::downgrade(self));
            }
            Action::Farewell { sid, packets } => {
                let url = self.url(Transport::Polling, Some(&sid));
                Http::farewell(&url, &self.body(&packets));
            }
            Action::AbortHttp => {
                self.http.abort();
                self.show_closed(Transport::Polling);
            }
            Action::Up { transport, upgradable, fell_back } => {
                self.tell(News::Up { transport, upgradable, fell_back });
            }
            Action::Upgraded => {
                self.show_closed(Transport::Polling);
                self.tell(News::Upgraded);
            }
            Action::UpgradeFailed => self.tell(News::UpgradeFailed),
            Action::Text(text) => self.tell(News::Text(text)),
            Action::Binary(bytes) => self.tell(News::Binary(bytes)),
            Action::Down(reason) => self.tell(News::Down(reason)),
        }
    }

    fn tell(self: &Rc<Self>, news: News) {
        if self.retired.get() {
            return;
        }
        if let Some(manager) = self.manager.upgrade() {
            manager.hear(news);
        }
    }

    fn show(&self, seen: &Wire<'_>) {
        if let Some(manager) = self.manager.upgrade() {
            manager.show(seen);
        }
    }

    fn show_connecting(&self, transport: Transport) {
        self.told.note(transport, true);
        self.show(&Wire::Connecting { transport });
    }

    fn show_frame(&self, direction: Direction, transport: Transport, text: &str) {
        self.show(&Wire::Frame { direction, transport, text });
    }

    fn show_closed(&self, transport: Transport) {
        if self.told.note(transport, false) {
            self.show(&Wire::Closed { transport });
        }
    }

    /// Shows what came in to those who watch the frames.
    fn trace(&self, input: &Input) {
        match input {
            Input::WsOpened => self.show(&Wire::Open { transport: Transport::WebSocket }),
            Input::WsText(text) => self.show_frame(Direction::In, Transport::WebSocket, text),
            Input::WsBinary(_) => self.show_frame(Direction::In, Transport::WebSocket, "(binary)"),
            Input::Polled(body) => {
                // The answer to the first poll is the server's consent.
                if body.starts_with('0') {
                    self.show(&Wire::Open { transport: Transport::Polling });
                }
                body.split(SEPARATOR).for_each(|packet| self.show_frame(Direction::In, Transport::Polling, packet));
            }
            _ => {}
        }
    }

    fn body(&self, packets: &[String]) -> String {
        for packet in packets {
            self.show_frame(Direction::Out, Transport::Polling, packet);
        }
        packets.join(SEPARATOR.encode_utf8(&mut [0; 4]))
    }

    fn url(&self, transport: Transport, sid: Option<&str>) -> String {
        let mut url = match (transport, self.address.strip_prefix("http")) {
            (Transport::WebSocket, Some(rest)) => ["ws", rest].concat(),
            _ => self.address.clone(),
        };
        url.push_str("?EIO=4&transport=");
        url.push_str(transport.name());
        if let Some(sid) = sid {
            url.push_str("&sid=");
            // The server chose it; it must not be able to add to the address.
            url.push_str(&String::from(encode_uri_component(sid)));
        }
        url
    }

    /// Sees to it that the engine's next deadline is noticed.
    fn arm(self: &Rc<Self>) {
        let deadline = self.engine.borrow().deadline();
        let mut tick = self.tick.borrow_mut();
        if deadline.is_infinite() {
            *tick = None;
            return;
        }
        // A heartbeat moves the deadline away with every frame. The timer may then come too early, and is set anew.
        if tick.as_ref().is_some_and(|(at, _)| *at <= deadline) {
            return;
        }
        let session = Rc::downgrade(self);
        let timer = after(deadline - now(), move || {
            if let Some(session) = session.upgrade() {
                session.tick.take();
                session.input(Input::Tick);
            }
        });
        *tick = Some((deadline, timer));
    }
}

fn address(options: &Options) -> String {
    let own = || window().and_then(|window| window.location().origin().ok());
    let origin = match options.url.trim_end_matches('/') {
        "" => own().unwrap_or_default(),
        origin => origin.to_owned(),
    };
    let path = options.path.trim_matches('/');
    [&origin, "/", path, "/"].concat()
}
