//! The event table of Madang's own protocol, on namespace `/chat`.
//!
//! The events stand in [`table`], one line each. A handler takes the chat, the actor and the event, calls the rule
//! and answers.

use std::sync::Arc;

use madang_common::{event::NAMESPACE, fault::Fault};
use socketioxide::{SocketIo, extract::SocketRef, handler::ConnectHandler};

use crate::{
    chat::{Actor, Chat, guest::Socket},
    error::{Refusal, RefusedConnection},
    net::limits::{Address, Caller, Kind, Limits, Session, Subject},
    realtime::{
        dispatch::{Line, OnSocket, Register},
        inbound::ConnectQuery,
    },
    secret::TokenHash,
};

pub(crate) mod cost;
mod message;
mod room;
mod session;
mod typing;

/// All events that a client may send.
pub(super) fn table(on: &mut impl Register) {
    on.on(session::hello);
    on.on(room::create);
    on.on(room::join);
    on.on(room::leave);
    on.on(room::open);
    on.on(room::sync);
    on.on(room::head);
    on.on(room::history);
    on.on(room::digest);
    on.on(room::read);
    on.on(message::post);
    on.on(message::edit);
    on.on(message::delete);
    on.on(typing::start);
    on.on(typing::stop);
}

/// Opens the namespace.
pub(crate) fn open(io: &SocketIo, chat: &Chat, limits: &Limits) {
    let (chat, limits) = (chat.clone(), limits.clone());
    // Everything is done in the middleware: it runs before the client is told that it is connected. Handlers that are
    // put in place later, as in the connect handler, would miss what a quick client sends at once.
    let admit = async move |socket: SocketRef, query: ConnectQuery| {
        query.log(&socket);
        admit(chat, &limits, socket).await.map_err(RefusedConnection)
    };
    io.ns(NAMESPACE, (async || ()).with(admit));
}

/// Lets a socket in whose session stands.
async fn admit(chat: Chat, limits: &Limits, socket: SocketRef) -> Result<(), Fault> {
    let address = socket.req_parts().extensions.get::<Address>().copied();
    // One connection may ask again and again, and each time the committer is asked.
    limits.check(Kind::Connect, Some(Subject::Socket(socket.id)), address, None)?;
    let token = socket.req_parts().extensions.get::<TokenHash>().cloned();
    let connected = chat.connect(token, Socket::SocketIo(socket.clone())).await;
    let fault = |refusal: Refusal| refusal.into_fault("connecting a socket");
    let actor: Actor = connected.map_err(fault)?;
    let user = actor.user().map_err(fault)?;
    let caller = Caller::of_user(limits, user, address)?;
    if let Some(session) = socket.req_parts().extensions.get::<Session>() {
        // Until the socket is gone.
        socket.extensions.insert(Arc::new(session.join(Some(user))));
    }
    let mut on = OnSocket { socket: &socket, line: Line::new(chat, actor, caller) };
    table(&mut on);
    on.refuse_others();
    Ok(())
}
