//! The lifecycle of a namespace on a connection that comes and goes.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};

use futures_channel::oneshot;
use gloo_timers::callback::Timeout;
use serde_json::Value;

use crate::{
    AckError, AckFuture, AckReply, EmitError, Reason, State, Subscription,
    ack::AckTable,
    browser::{after, now},
    handlers::Handlers,
    manager::{Link, Manager, STABLE_MS},
    message::{self, Data},
};

#[derive(Debug, Clone, PartialEq)]
enum Stage {
    /// Wanted, and no link to ask on.
    Idle,
    /// The server has been asked.
    Asked,
    Joined,
    /// The server disconnected it; it is asked again later.
    Resting {
        since_ms: f64,
        retry_at_ms: f64,
    },
    Refused(Value),
    /// Left by this side.
    Left,
}

struct Waiter {
    answer: oneshot::Sender<Result<Value, AckError>>,
    /// Dropped with the waiter, and so cancelled.
    _timeout: Timeout,
}

pub(crate) type EventHandler = dyn Fn(Value, Option<AckReply>);
pub(crate) type AnyHandler = dyn Fn(&str, &[Value]);
pub(crate) type StateHandler = dyn Fn(&State);

pub(crate) struct Namespace {
    own: Weak<Self>,
    manager: Weak<Manager>,
    name: String,
    auth: RefCell<Option<Value>>,
    stage: RefCell<Stage>,
    /// As it was last told.
    state: RefCell<State>,
    sid: RefCell<Option<String>>,
    events: Handlers<EventHandler>,
    any: Handlers<AnyHandler>,
    states: Handlers<StateHandler>,
    acks: RefCell<AckTable<Waiter>>,
    /// How often in a row the server disconnected it, soon after it had admitted it.
    dismissals: Cell<u32>,
    joined_at_ms: Cell<f64>,
    /// Ends [`Stage::Asked`] or [`Stage::Resting`].
    timer: RefCell<Option<Timeout>>,
}

impl Namespace {
    pub(crate) fn new(manager: Weak<Manager>, name: String, auth: Option<Value>) -> Rc<Self> {
        Rc::new_cyclic(|own| Self {
            own: own.clone(),
            manager,
            name,
            auth: RefCell::new(auth),
            stage: RefCell::new(Stage::Idle),
            state: RefCell::new(State::Closed),
            sid: RefCell::default(),
            events: Handlers::default(),
            any: Handlers::default(),
            states: Handlers::default(),
            acks: RefCell::default(),
            dismissals: Cell::new(0),
            joined_at_ms: Cell::new(0.0),
            timer: RefCell::default(),
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn state(&self) -> State {
        self.state.borrow().clone()
    }

    pub(crate) fn id(&self) -> Option<String> {
        self.sid.borrow().clone()
    }

    pub(crate) fn set_auth(&self, auth: Option<Value>) {
        *self.auth.borrow_mut() = auth;
    }

    pub(crate) fn on(&self, event: &str, handler: Rc<EventHandler>) -> Subscription {
        self.events.add(event, handler)
    }

    pub(crate) fn on_any(&self, handler: Rc<AnyHandler>) -> Subscription {
        self.any.add("", handler)
    }

    pub(crate) fn on_state(&self, handler: Rc<StateHandler>) -> Subscription {
        self.states.add("", handler)
    }

    /// Whether it shall be connected whenever there is a link.
    pub(crate) fn wanted(&self) -> bool {
        !matches!(*self.stage.borrow(), Stage::Refused(_) | Stage::Left)
    }

    pub(crate) fn want(&self) {
        *self.stage.borrow_mut() = Stage::Idle;
    }

    fn joined(&self) -> bool {
        *self.stage.borrow() == Stage::Joined
    }

    pub(crate) fn emit(&self, event: &str, data: &Value, ack: Option<i64>) -> Result<(), EmitError> {
        let manager = self.connected()?;
        manager.send(message::event(&self.name, event, data, ack)?);
        Ok(())
    }

    pub(crate) fn emit_with_ack(&self, event: &str, data: &Value, timeout: Duration) -> Result<AckFuture, AckError> {
        let manager = self.connected()?;
        let id = self.acks.borrow().next_id();
        let message = message::event(&self.name, event, data, Some(id))?;
        let (answer, receiver) = oneshot::channel();
        let own = self.own.clone();
        let timeout = after(timeout.as_secs_f64() * 1000.0, move || {
            if let Some(namespace) = own.upgrade() {
                namespace.answer(id, Err(AckError::Timeout));
            }
        });
        self.acks.borrow_mut().insert(Waiter { answer, _timeout: timeout });
        manager.send(message);
        Ok(AckFuture::waiting(receiver))
    }

    /// Answers an event that came on connection number `connection`.
    pub(crate) fn reply(&self, connection: u32, id: i64, data: &Value) -> Result<(), EmitError> {
        let manager = self.connected()?;
        if manager.connection() != connection {
            return Err(EmitError::Disconnected);
        }
        manager.send(message::ack(&self.name, id, data)?);
        Ok(())
    }

    fn connected(&self) -> Result<Rc<Manager>, EmitError> {
        let manager = self.manager.upgrade().filter(|_| self.joined());
        manager.ok_or(EmitError::Disconnected)
    }

    /// Asks the server for admission, if it is wanted.
    pub(crate) fn ask(&self) {
        let Some(manager) = self.manager.upgrade().filter(|_| self.wanted()) else {
            return;
        };
        let auth = self.auth.borrow().clone();
        // An auth that is a JSON value already can always be written.
        let Ok(message) = message::connect(&self.name, auth.as_ref()) else {
            return;
        };
        self.set_timer(manager.options.connect_timeout.as_secs_f64() * 1000.0, |_, manager| {
            manager.lost(Reason::NamespaceSilent)
        });
        *self.stage.borrow_mut() = Stage::Asked;
        manager.send(message);
        self.refresh();
    }

    /// Ends a rest that the server's dismissal made necessary.
    pub(crate) fn ask_again_now(&self) {
        let resting = matches!(*self.stage.borrow(), Stage::Resting { .. });
        if resting {
            self.ask();
        }
    }

    fn set_timer(&self, ms: f64, then: impl FnOnce(Rc<Self>, Rc<Manager>) + 'static) {
        let own = self.own.clone();
        let timer = after(ms, move || {
            if let Some(namespace) = own.upgrade()
                && let Some(manager) = namespace.manager.upgrade()
            {
                namespace.timer.take();
                then(namespace, manager);
            }
        });
        *self.timer.borrow_mut() = Some(timer);
    }

    /// Takes a packet that the server sent to this namespace.
    pub(crate) fn receive(&self, data: Data) {
        match data {
            Data::Connected { sid } => self.admitted(sid),
            Data::Refused(error) => self.refused(error),
            Data::Disconnected => self.dismissed(),
            // A server may not speak to a namespace that it has not admitted.
            Data::Event { .. } if !self.joined() => {}
            Data::Event { name, args, ack } => self.event(&name, args, ack),
            Data::Ack { id, args } => {
                let answer = args.into_iter().next().unwrap_or(Value::Null);
                self.answer(id, Ok(answer));
            }
        }
    }

    fn admitted(&self, sid: String) {
        if *self.stage.borrow() != Stage::Asked {
            return;
        }
        self.timer.take();
        *self.sid.borrow_mut() = Some(sid);
        *self.stage.borrow_mut() = Stage::Joined;
        self.joined_at_ms.set(now());
        if let Some(manager) = self.manager.upgrade() {
            manager.recovered();
        }
        self.refresh();
    }

    fn refused(&self, error: Value) {
        if *self.stage.borrow() != Stage::Asked {
            return;
        }
        self.timer.take();
        *self.stage.borrow_mut() = Stage::Refused(error);
        self.refresh();
        if let Some(manager) = self.manager.upgrade() {
            manager.gave_up();
        }
    }

    fn dismissed(&self) {
        let Some(manager) = self.manager.upgrade().filter(|_| self.joined()) else {
            return;
        };
        if now() - self.joined_at_ms.get() >= STABLE_MS {
            self.dismissals.set(0);
        }
        let dismissals = self.dismissals.get();
        self.dismissals.set(dismissals.saturating_add(1));
        let delay = manager.delay_ms(dismissals);
        self.set_timer(delay, |namespace, _| namespace.ask());
        *self.stage.borrow_mut() = Stage::Resting { since_ms: now(), retry_at_ms: now() + delay };
        self.forget_connection();
        self.refresh();
    }

    fn event(&self, name: &str, args: Vec<Value>, ack: Option<i64>) {
        for handler in self.any.of("") {
            handler(name, &args);
        }
        let reply = ack.and_then(|id| {
            Some(AckReply {
                namespace: self.own.clone(),
                connection: self.manager.upgrade()?.connection(),
                id,
                spent: Rc::default(),
            })
        });
        let mut data = args.into_iter().next().unwrap_or(Value::Null);
        let mut handlers = self.events.of(name).into_iter().peekable();
        while let Some(handler) = handlers.next() {
            let given = match handlers.peek() {
                Some(_) => data.clone(),
                None => data.take(),
            };
            handler(given, reply.clone());
        }
    }

    fn answer(&self, id: i64, answer: Result<Value, AckError>) {
        let waiter = self.acks.borrow_mut().take(id);
        if let Some(waiter) = waiter {
            // Fails when the caller has ceased to wait, which is its right.
            drop(waiter.answer.send(answer));
        }
    }

    /// Leaves the namespace, telling the server.
    pub(crate) fn leave(&self) {
        if let Ok(manager) = self.connected() {
            manager.send(message::disconnect(&self.name));
        }
        self.timer.take();
        *self.stage.borrow_mut() = Stage::Left;
        self.forget_connection();
        self.refresh();
    }

    /// The link is down.
    pub(crate) fn link_lost(&self) {
        self.timer.take();
        if self.wanted() {
            *self.stage.borrow_mut() = Stage::Idle;
        }
        self.forget_connection();
        self.refresh();
    }

    fn forget_connection(&self) {
        self.sid.take();
        let waiters = self.acks.borrow_mut().take_all();
        for waiter in waiters {
            // Fails when the caller has ceased to wait, which is its right.
            drop(waiter.answer.send(Err(AckError::Disconnected)));
        }
    }

    /// Works out the state, and tells it if it is another.
    pub(crate) fn refresh(&self) {
        let state = self.worked_out();
        if *self.state.borrow() == state {
            return;
        }
        *self.state.borrow_mut() = state.clone();
        for handler in self.states.of("") {
            handler(&state);
        }
    }

    fn worked_out(&self) -> State {
        let Some(manager) = self.manager.upgrade() else {
            return State::Closed;
        };
        match (&*self.stage.borrow(), manager.link()) {
            (Stage::Joined, Link::Up(transport)) => State::Connected { transport },
            (Stage::Left, _) => State::Closed,
            (Stage::Refused(error), _) => State::Refused { error: error.clone() },
            (Stage::Resting { since_ms, retry_at_ms }, Link::Up(_)) => {
                State::Waiting { since_ms: *since_ms, retry_at_ms: *retry_at_ms, reason: Reason::ServerDisconnected }
            }
            _ => manager.state(),
        }
    }
}
