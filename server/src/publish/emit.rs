//! Emitting one event of Madang's own protocol to everyone it is for, over Socket.IO and WebSocket.

use axum::extract::ws::Utf8Bytes;
use madang_common::{
    event::{NAMESPACE, ServerEvent},
    id::{RoomId, UserId},
};
use serde::Serialize;
use socketioxide::{BroadcastError, SendError, SocketError, extract::SocketRef, operators::BroadcastOperators};

use super::{Owner, Publisher, key};

/// Whom an event is for, by the keys of their socket rooms.
pub(super) struct Audience {
    /// Who is in one of these.
    pub(super) within: Vec<String>,
    /// And not in this.
    pub(super) except: Option<String>,
    /// Whether all of the namespace are meant. Plain WebSockets know no namespaces; a room of theirs stands for it.
    everyone: bool,
}

impl Audience {
    pub(super) fn new(within: Vec<String>, except: Option<String>) -> Self {
        Self { within, except, everyone: false }
    }

    /// Everyone who has joined Madang.
    pub(super) fn everyone() -> Self {
        Self { within: vec![key::plain()], except: None, everyone: true }
    }

    /// The members of these rooms.
    pub(super) fn rooms(rooms: impl IntoIterator<Item = RoomId>) -> Self {
        Self::new(rooms.into_iter().map(key::room).collect(), None)
    }

    /// The members of a room, but for one.
    pub(super) fn others_in(room: RoomId, user: UserId) -> Self {
        Self::new(vec![key::room(room)], Some(key::user(user)))
    }

    /// A person.
    pub(super) fn user(user: UserId) -> Self {
        Self::new(vec![key::user(user)], None)
    }
}

/// An event as a plain WebSocket carries it.
#[derive(Serialize)]
struct Frame<'a, E> {
    event: &'static str,
    data: &'a E,
}

impl Publisher {
    pub(super) async fn emit<E: ServerEvent>(&self, audience: Audience, event: &E) {
        self.plain.send(&audience, || frame(event));
        // None when the namespace is being closed.
        let Some(chat) = self.io.of(NAMESPACE) else { return };
        let to = if audience.everyone { chat.broadcast() } else { chat.within(audience.within) };
        let to = match audience.except {
            Some(except) => to.except(except),
            None => to,
        };
        match to.clone().emit(E::NAME, event).await {
            Ok(()) => {}
            Err(BroadcastError::Socket(errors)) => {
                // A closed socket is on its way out, which ends its presence too; a full one has just lost this event.
                if errors.iter().any(|error| matches!(error, SocketError::InternalChannelFull)) {
                    self.find_full(to, event);
                }
            }
            Err(error) => tracing::error!(%error, event = E::NAME, "emitting an event"),
        }
    }

    /// The broadcast's error names no socket, so each is tried by itself. One that is not full gets the event twice,
    /// which changes nothing: a revision that is held already is passed over, and all other events tell a state.
    fn find_full<E: ServerEvent>(&self, to: BroadcastOperators, event: &E) {
        for socket in to.sockets() {
            if self.is_full(&socket, event) {
                self.cut_off(&socket);
            }
        }
    }

    pub(super) fn is_full<E: ServerEvent>(&self, socket: &SocketRef, event: &E) -> bool {
        match socket.emit(E::NAME, event) {
            Ok(()) => false,
            Err(SendError::Socket(SocketError::InternalChannelFull)) => true,
            // Closed: it is on its way out.
            Err(SendError::Socket(SocketError::Closed)) => false,
            Err(error) => {
                tracing::error!(%error, event = E::NAME, "emitting an event");
                false
            }
        }
    }

    pub(super) fn cut_off(&self, socket: &SocketRef) {
        socket.leave_all();
        let Some(Owner(user)) = socket.extensions.get() else { return };
        tracing::debug!(user = user.0, socket = %socket.id, "a socket cannot keep up");
        self.report(Some(user), socket.clone());
    }
}

/// An event as a plain WebSocket carries it; none, with a line in the log, if it can't be written.
pub(super) fn frame<E: ServerEvent>(event: &E) -> Option<Utf8Bytes> {
    match serde_json::to_string(&Frame { event: E::NAME, data: event }) {
        Ok(text) => Some(text.into()),
        Err(error) => {
            tracing::error!(%error, event = E::NAME, "writing an event");
            None
        }
    }
}
