//! The hub: Madang's own protocol, on namespace `/chat`.
//!
//! The events stand in [`table`], one line each. A handler takes the chat, the actor and the event, calls the rule
//! and answers.

use madang_common::event::NAMESPACE;
use socketioxide::{SocketIo, extract::SocketRef, handler::ConnectHandler};

use crate::{
    chat::{Actor, Chat, outside::Socket},
    error::RefusedConnection,
    secret::TokenHash,
};

mod messages;
mod on;
mod plain;
mod rooms;
mod server;
mod session;
mod typing;

pub(crate) use plain::serve as serve_plain;
pub(crate) use server::builder;

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
pub(crate) fn open(io: &SocketIo, chat: &Chat) {
    let chat = chat.clone();
    // Everything is done in the middleware: it runs before the client is told that it is connected. Handlers that are
    // put in place later, as in the connect handler, would miss what a quick client sends at once.
    let admit = async move |socket: SocketRef| admit(chat, socket).await;
    io.ns(NAMESPACE, (async || ()).with(admit));
}

/// Lets a socket in whose session stands.
async fn admit(chat: Chat, socket: SocketRef) -> Result<(), RefusedConnection> {
    let token = TokenHash::of_request(&socket.req_parts().headers);
    let actor: Actor = chat
        .connect(token, Socket::SocketIo(socket.clone()))
        .await
        .map_err(|refusal| RefusedConnection(refusal.into_fault("connecting a socket")))?;
    let mut on = OnSocket { socket: &socket, line: Line::new(chat, actor) };
    table(&mut on);
    on.refuse_others();
    Ok(())
}
