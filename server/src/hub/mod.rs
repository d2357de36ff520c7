//! The hub: Madang's own protocol, on namespace `/chat`.
//!
//! The events stand in [`table`], one line each. A handler takes the chat, the actor and the event, calls the rule
//! and answers.

use std::sync::Arc;

use madang_common::{event::NAMESPACE, fault::Fault};
use socketioxide::{SocketIo, extract::SocketRef, handler::ConnectHandler};

use crate::{
    chat::{Actor, Chat, outside::Socket},
    error::{Refusal, RefusedConnection},
    limits::{Address, Caller, Kind, Limits, Session, Subject},
    requests::ConnectQuery,
    secret::TokenHash,
};

mod limited;
mod messages;
mod on;
mod plain;
mod rooms;
mod server;
mod session;
mod typing;

pub(crate) use plain::serve as serve_plain;
pub(crate) use server::build;

use on::{Line, OnSocket, Register};

/// All events that a client may send.
fn table(on: &mut impl Register) {
    on.on(session::hello);
    on.on(rooms::create);
    on.on(rooms::join);
    on.on(rooms::leave);
    on.on(rooms::open);
    on.on(rooms::sync);
    on.on(rooms::head);
    on.on(rooms::history);
    on.on(rooms::digest);
    on.on(rooms::read);
    on.on(messages::post);
    on.on(messages::edit);
    on.on(messages::delete);
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
