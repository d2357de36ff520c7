//! `Socket`: the public handle of one namespace.

use std::{fmt, rc::Rc, time::Duration};

use serde::Serialize;
use serde_json::Value;

use crate::{AckError, AckFuture, AckReply, State, Subscription, manager::Manager, message, namespace::Namespace};

/// Why an event was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmitError {
    /// The namespace is not connected. Nothing is buffered.
    Disconnected,
    /// The data can't be written as JSON; why.
    Encode(String),
}

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disconnected => f.write_str("not connected"),
            Self::Encode(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for EmitError {}

/// One namespace of a [`Client`](crate::Client). Cheap to clone; all clones are the same namespace.
#[derive(Clone)]
pub struct Socket {
    manager: Rc<Manager>,
    namespace: Rc<Namespace>,
}

impl Socket {
    pub(crate) fn new(manager: Rc<Manager>, namespace: Rc<Namespace>) -> Self {
        Self { manager, namespace }
    }

    /// Calls `handler` for each event of that name, with its first argument (null when it has none) and, when the
    /// server waits for an ack, the means to answer.
    pub fn on(&self, event: &str, handler: impl Fn(Value, Option<AckReply>) + 'static) -> Subscription {
        self.namespace.on(event, Rc::new(handler))
    }

    /// Calls `handler` for every event, with its name and all its arguments, before the handlers of
    /// [`on`](Self::on).
    pub fn on_any(&self, handler: impl Fn(&str, &[Value]) + 'static) -> Subscription {
        self.namespace.on_any(Rc::new(handler))
    }

    /// Sends an event with one argument.
    ///
    /// # Errors
    ///
    /// When the namespace is not connected, or the data can't be written as JSON.
    pub fn emit<T: Serialize + ?Sized>(&self, event: &str, data: &T) -> Result<(), EmitError> {
        let data = message::to_value(data)?;
        self.namespace.emit(event, &data, None)
    }

    /// Sends an event with one argument, at once, and returns the server's answer to come: the ack's first
    /// argument. Without a `timeout` it waits as long as [`Options::ack_timeout`](crate::Options::ack_timeout).
    ///
    /// The future ends with [`AckError`] when the namespace is not connected or ceases to be, when the answer does
    /// not come in time, and when the data can't be written as JSON.
    pub fn emit_with_ack<T: Serialize + ?Sized>(
        &self,
        event: &str,
        data: &T,
        timeout: impl Into<Option<Duration>>,
    ) -> AckFuture {
        let timeout = timeout.into().unwrap_or(self.manager.options.ack_timeout);
        message::to_value(data)
            .map_err(AckError::from)
            .and_then(|data| self.namespace.emit_with_ack(event, &data, timeout))
            .unwrap_or_else(AckFuture::failed)
    }

    /// Calls `handler` on each change of [`state`](Self::state) from now on.
    pub fn on_state(&self, handler: impl Fn(&State) + 'static) -> Subscription {
        self.namespace.on_state(Rc::new(handler))
    }

    /// Where the namespace stands.
    pub fn state(&self) -> State {
        self.namespace.state()
    }

    /// Since when the link has been down, in milliseconds since 1970: set from the loss until a namespace is
    /// connected again, also while an attempt is being made.
    pub fn down_since_ms(&self) -> Option<f64> {
        self.manager.down_since_ms()
    }

    /// The id that the server gave to this connection of the namespace; none when it is not connected.
    pub fn id(&self) -> Option<String> {
        self.namespace.id()
    }

    /// Replaces the payload with which the next connect asks for admission.
    pub fn set_auth(&self, auth: Option<Value>) {
        self.namespace.set_auth(auth);
    }

    /// Connects again after a refusal or [`disconnect`](Self::disconnect). Otherwise it does nothing.
    pub fn connect(&self) {
        if !self.namespace.wanted() {
            self.namespace.want();
            self.manager.attend(&self.namespace);
        }
    }

    /// Leaves the namespace until [`connect`](Self::connect). The client's connection is closed with its last
    /// namespace.
    pub fn disconnect(&self) {
        self.namespace.leave();
        self.manager.gave_up();
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Socket({})", self.namespace.name())
    }
}
