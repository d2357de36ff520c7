//! The hub: Madang's own protocol, on namespace `/chat`.
//!
//! The events stand in [`table`], one line each. A handler takes the chat, the actor and the event, calls the rule
//! and answers.

use std::fmt;

use axum_extra::extract::CookieJar;
use madang_common::{event::NAMESPACE, fault::Fault};
use socketioxide::{SocketIo, extract::SocketRef, handler::ConnectHandler};

use crate::{
    chat::{Actor, Chat},
    secret::{SESSION_COOKIE, TokenHash},
};

mod messages;
mod on;
mod queue;
mod rooms;
mod server;
mod session;
mod typing;

pub(crate) use server::builder;

use on::{Line, on, on_unknown};

/// All events that a client may send.
fn table(socket: &SocketRef, line: &Line) {
    on(socket, line, session::hello);
    on(socket, line, rooms::create);
    on(socket, line, rooms::join);
    on(socket, line, rooms::leave);
    on(socket, line, rooms::open);
    on(socket, line, rooms::sync);
    on(socket, line, rooms::head);
    on(socket, line, rooms::history);
    on(socket, line, rooms::read);
    on(socket, line, messages::post);
    on(socket, line, messages::edit);
    on(socket, line, messages::delete);
    on(socket, line, typing::start);
    on(socket, line, typing::stop);
    on_unknown(socket);
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
async fn admit(chat: Chat, socket: SocketRef) -> Result<(), ConnectError> {
    let cookies = CookieJar::from_headers(&socket.req_parts().headers);
    let token = cookies.get(SESSION_COOKIE).map_or("", |cookie| cookie.value());
    let actor: Actor = chat
        .connect(TokenHash::of(token), socket.clone())
        .await
        .map_err(|refusal| ConnectError(refusal.into_fault("connecting a socket")))?;
    table(&socket, &Line::new(chat, actor));
    Ok(())
}

/// A refused connection. socketioxide sends an error's text as the `message` of the `connect_error` and knows no
/// other data, so the text is the fault as JSON.
struct ConnectError(Fault);

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.0).map_err(|_| fmt::Error)?)
    }
}
