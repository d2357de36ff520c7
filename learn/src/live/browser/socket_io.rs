//! Socket.IO by `socketio-web`, the chat's own client.

use std::cell::RefCell;

use leptos::prelude::*;
use serde_json::Value;
use socketio_web::{Client, Direction, Options, Socket, State, Subscription, Transport, Wire};
use wasm_bindgen_futures::spawn_local;

use super::{Handler, Link};
use crate::{
    live::Transports,
    state::seen::{self, Carrier, Seen},
};

/// The namespace of the notes' events.
const NAMESPACE: &str = "/";

struct Open {
    socket: Socket,
    client: Client,
    /// Dropped before the socket, which some of them hold.
    subscriptions: Vec<Subscription>,
}

thread_local! {
    static OPEN: RefCell<Option<Open>> = const { RefCell::new(None) };
    static HANDLERS: RefCell<Vec<(&'static str, Handler)>> = const { RefCell::new(Vec::new()) };
}

/// Keeps a handler for every connection to come.
pub(in crate::live) fn on(event: &'static str, handler: Handler) {
    HANDLERS.with_borrow_mut(|handlers| handlers.push((event, handler)));
}

/// Connects anew, by the transports that have been chosen.
pub(in crate::live) fn start(link: Link) {
    let transports = match link.transports.get_untracked() {
        Transports::WebSocket => vec![Transport::WebSocket],
        Transports::Polling => vec![Transport::Polling],
        Transports::Upgrade => vec![Transport::Polling, Transport::WebSocket],
    };
    let client = Client::new(Options { transports, ..Options::default() });
    let socket = client.socket(NAMESPACE, None);
    let mut subscriptions = vec![client.on_wire(move |wire| link.see(seen(wire)))];
    let own = socket.clone();
    subscriptions.push(socket.on_state(move |state| {
        link.id.set(own.id().filter(|_| matches!(state, State::Connected { .. })));
    }));
    for (event, handler) in HANDLERS.with_borrow(Clone::clone) {
        subscriptions.push(socket.on(event, move |data, reply| {
            handler(data);
            if let Some(reply) = reply {
                // The server has asked whether it came. Without a connection there is nobody to tell.
                drop(reply.send(&Value::Null));
            }
        }));
    }
    client.open();
    let former = OPEN.replace(Some(Open { socket, client, subscriptions }));
    if let Some(former) = former {
        drop(former.subscriptions);
        former.client.close();
    }
}

pub(in crate::live) fn emit(event: &str, data: &Value) -> bool {
    open().is_some_and(|socket| socket.emit(event, data).is_ok())
}

pub(in crate::live) fn emit_with_ack(event: &str, data: &Value, then: Box<dyn FnOnce(Value)>) -> bool {
    let Some(socket) = open().filter(|socket| matches!(socket.state(), State::Connected { .. })) else {
        return false;
    };
    let answer = socket.emit_with_ack(event, data, None);
    spawn_local(async move {
        // No answer, and so no call: as with a callback in JavaScript.
        if let Ok(answer) = answer.await {
            then(answer);
        }
    });
    true
}

pub(super) fn disconnect() {
    if let Some(socket) = open() {
        socket.disconnect();
    }
}

pub(super) fn connect() {
    if let Some(socket) = open() {
        socket.connect();
    }
}

fn open() -> Option<Socket> {
    OPEN.with_borrow(|open| open.as_ref().map(|open| open.socket.clone()))
}

fn seen(wire: &Wire<'_>) -> Seen {
    match wire {
        Wire::Connecting { transport } => Seen::Connecting(carrier(*transport)),
        Wire::Open { transport } => Seen::Open(carrier(*transport)),
        Wire::Frame { direction, transport, text } => {
            let direction = match direction {
                Direction::In => seen::Direction::In,
                Direction::Out => seen::Direction::Out,
            };
            Seen::frame(direction, carrier(*transport), text)
        }
        Wire::Closed { transport } => Seen::Closed(carrier(*transport), None),
    }
}

fn carrier(transport: Transport) -> Carrier {
    match transport {
        Transport::WebSocket => Carrier::WebSocket,
        Transport::Polling => Carrier::Polling,
    }
}
