//! `Client`: the public handle of one connection.

use std::{fmt, rc::Rc};

use serde_json::Value;

use crate::{Options, Socket, Subscription, Wire, manager::Manager};

/// One connection to a server, which carries any number of namespaces.
///
/// Cheap to clone; all clones are the same connection. It is closed when the last clone and the last [`Socket`] of
/// it are dropped.
#[derive(Clone)]
pub struct Client {
    manager: Rc<Manager>,
}

impl Client {
    /// A client that does nothing before [`open`](Self::open).
    pub fn new(options: Options) -> Self {
        Self { manager: Manager::new(options) }
    }

    /// The socket of `namespace`, such as `/chat`. It is connected when the client is open, with `auth` as the
    /// payload that the server may judge. Asked for again, the same namespace gives the same socket, and a given
    /// `auth` replaces the former one from the next connect on.
    pub fn socket(&self, namespace: &str, auth: Option<Value>) -> Socket {
        let namespace = Manager::namespace(&self.manager, namespace, auth);
        Socket::new(Rc::clone(&self.manager), namespace)
    }

    /// Connects, and keeps connected.
    pub fn open(&self) {
        self.manager.open();
    }

    /// Closes the connection until [`open`](Self::open).
    pub fn close(&self) {
        self.manager.close();
    }

    /// Connects at once if the client is waiting to; if it is connected but the server's heartbeat is overdue,
    /// connects anew. Done by itself when the machine comes online or the page becomes visible.
    pub fn reconnect_now(&self) {
        self.manager.reconnect_now();
    }

    /// The server has said that it is about to close the connection, and asked to be called again after so many
    /// milliseconds: the next attempt is made no sooner, whatever the backoff says, and not because the machine comes
    /// online or the page becomes visible either. A person may still [`reconnect_now`](Self::reconnect_now).
    pub fn come_back_in(&self, ms: u32) {
        self.manager.come_back_in(ms);
    }

    /// Shows what happens on the wire, for logs: each transport's beginning and end, and each frame between. It only
    /// looks on: nothing that the handler does changes what is sent or heard.
    pub fn on_wire(&self, handler: impl Fn(&Wire<'_>) + 'static) -> Subscription {
        self.manager.on_wire(Rc::new(handler))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}
