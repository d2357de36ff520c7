//! The dialects: namespace `/` speaks the events of other chats, so that their clients work unchanged.
//!
//! Which event belongs to which dialect stands in [`table`]. A dialect only translates: its file says how its events
//! are read and how it hears what is said elsewhere ([`Dialect::form`]); what may be done is up to the chat's rules.

use std::sync::Arc;

use madang_common::fault::{Fault, FaultCode};
use socketioxide::{SocketIo, extract::SocketRef, handler::ConnectHandler};

use crate::{
    chat::{
        Chat,
        guest::{Dialect, NAMESPACE},
    },
    config::Dialects,
    error::RefusedConnection,
    net::limits::{Address, Caller, Kind, Limits, Session, Subject},
    realtime::inbound::ConnectQuery,
};

mod argument;
mod dispatch;
mod flask_echo;
mod flask_session;
mod guest;
mod node_chat;
mod node_rooms;
mod plain_text;

use dispatch::On;
use guest::{Guest, GuestSession};
pub(crate) use plain_text::serve as serve_plain;

/// What is said where the dialects are switched off.
pub(crate) const SWITCHED_OFF: &str = "The operator has switched this off here.";

/// All dialects. A socket hears them all until its first event shows which one it speaks.
pub(crate) const ALL: &[&Dialect] = &[
    &flask_echo::DIALECT,
    &flask_session::DIALECT,
    &node_chat::DIALECT,
    &node_rooms::DIALECT,
    // Has no events: each text frame is a message.
    &plain_text::DIALECT,
];

/// All events that a client may send.
fn table(on: &On<'_>) {
    on.event(&flask_echo::DIALECT, "send_message", flask_echo::send_message);

    on.event(&flask_session::DIALECT, "my event", flask_session::my_event);
    on.event(&flask_session::DIALECT, "message", flask_session::message);
    on.event(&flask_session::DIALECT, "json", flask_session::json);

    on.event(&node_chat::DIALECT, "chat message", node_chat::chat_message);
    on.event(&node_chat::DIALECT, "some event", node_chat::some_event);
    on.event(&node_chat::DIALECT, "try emit", node_chat::try_emit);

    on.event(&node_rooms::DIALECT, "login", node_rooms::login);
    on.event(&node_rooms::DIALECT, "chat", node_rooms::chat);
    on.event(&node_rooms::DIALECT, "s2c chat", node_rooms::s2c_chat);
    on.event(&node_rooms::DIALECT, "forceDisconnect", node_rooms::force_disconnect);
    on.event(&node_rooms::DIALECT, "join", node_rooms::join);
    on.event(&node_rooms::DIALECT, "leave", node_rooms::leave);
}

/// Opens the namespace. Clients of Socket.IO 1.x and 2.x connect to it before any other; when it is switched off they
/// are told so, and get into the others all the same.
pub(crate) fn open(io: &SocketIo, chat: &Chat, limits: &Limits, setting: Dialects) {
    let (chat, limits) = (chat.clone(), limits.clone());
    // In the middleware, so that the handlers are there before the client knows that it is connected.
    let admit = async move |socket: SocketRef, query: ConnectQuery| {
        query.log(&socket);
        admit(&chat, &limits, &socket, setting).map_err(RefusedConnection)
    };
    io.ns(NAMESPACE, (async |socket: SocketRef| greet(socket)).with(admit));
}

fn admit(chat: &Chat, limits: &Limits, socket: &SocketRef, setting: Dialects) -> Result<(), Fault> {
    if setting == Dialects::Off {
        return Err(switched_off());
    }
    let address = socket.req_parts().extensions.get::<Address>().copied();
    // One connection may come and go again and again, and each time the others are told.
    limits.check(Kind::Connect, Some(Subject::Socket(socket.id)), address, None)?;
    let session = socket.req_parts().extensions.get::<Session>();
    let caller = Caller::of_guest(limits, Subject::Socket(socket.id), address, session)?;
    if let Some(session) = session {
        // Until the socket is gone.
        socket.extensions.insert(Arc::new(session.join(None)));
    }
    let known = Arc::new(GuestSession::new(chat, setting == Dialects::On));
    chat.enter_outside(socket);
    socket.extensions.insert(known.clone());
    socket.extensions.insert(caller.clone());
    let on = On::new(socket, known, caller, chat.underway());
    table(&on);
    on.refuse_others();
    Ok(())
}

/// Once a socket is connected.
fn greet(socket: SocketRef) {
    let Some(known) = socket.extensions.get::<Arc<GuestSession>>() else { return };
    let address = socket.req_parts().extensions.get::<Address>().map(ToString::to_string);
    tracing::debug!(socket = %socket.id, address, "a user connected");
    socket.on_disconnect(async |socket: SocketRef| tracing::debug!(socket = %socket.id, "user disconnected"));
    // All others are told: of many who come at once, not everyone.
    if socket.extensions.get::<Caller>().is_none_or(|caller| caller.may(Kind::Greeting, None).is_ok()) {
        node_chat::greet(&Guest::new(socket, known));
    }
}

fn switched_off() -> Fault {
    Fault::new(FaultCode::SwitchedOff, SWITCHED_OFF)
}
