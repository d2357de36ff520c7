//! The event table of Madang's own protocol, on namespace `/chat`.
//!
//! The events stand in [`table`], one line each. A handler takes the chat, the actor and the event, calls the rule
//! and answers.

use std::sync::{Arc, LazyLock};

use madang_common::{
    event::{self, NAMESPACE},
    fault::Fault,
    id::RoomId,
};
use socketioxide::{SocketIo, extract::SocketRef, handler::ConnectHandler};

use crate::{
    chat::{Actor, Chat, guest::Socket},
    error::{Refusal, RefusedConnection},
    net::limits::{Address, Caller, Kind, Limits, Session, Subject, stored},
    realtime::{
        dispatch::{Limited, Line, OnSocket, Register},
        inbound::ConnectQuery,
    },
    secret::TokenHash,
};

mod message;
mod room;
mod session;
mod typing;

/// The table of events: for each that a client may send its handler, its type, the rate limit that it counts towards, the field
/// that names its room where the room has a rate, and how many bytes the database grows by it.
macro_rules! table {
    ($($handler:path, $event:ty => $kind:ident $(in $room:ident)? $(stores $size:expr)?;)*) => {
        /// Puts every event's handler in its place.
        pub(super) fn table(on: &mut impl Register) {
            $(on.on($handler);)*
        }

        $(impl Limited for $event {
            const KIND: Kind = Kind::$kind;

            $(fn room(&self) -> Option<RoomId> {
                Some(self.$room)
            })?

            $(fn stored(&self) -> usize {
                let size: fn(&Self) -> usize = $size;
                size(self)
            })?
        })*
    };
}

table! {
    session::hello, event::session::Hello => Read;
    room::create, event::room::Create => CreateRoom
        stores |room| stored::ROOM + room.name.as_str().len() + room.topic.as_str().len();
    room::join, event::room::Join => Enter in room stores |_| stored::MEMBERSHIP;
    room::leave, event::room::Leave => Enter in room;
    room::open, event::room::Open => Read;
    room::sync, event::room::Sync => Read;
    room::head, event::room::Head => Read;
    room::history, event::room::History => Read;
    room::digest, event::room::Digest => Read;
    room::read, event::room::Read => Signal;
    message::post, event::message::Post => Post in room stores |post| stored::message(post.text.as_str().len());
    message::edit, event::message::Edit => Change stores |edit| edit.text.as_str().len();
    message::delete, event::message::Delete => Change;
    typing::start, event::typing::Start => Signal;
    typing::stop, event::typing::Stop => Signal;
}

static HANDLERS: LazyLock<OnSocket> = LazyLock::new(|| {
    let mut handlers = OnSocket::default();
    table(&mut handlers);
    handlers
});

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
    HANDLERS.listen(&socket, Line::new(chat, actor, caller));
    Ok(())
}
