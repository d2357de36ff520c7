//! One guest: who it is, and what all dialects do for it.

use std::sync::{Arc, OnceLock};

use madang_common::text::{MessageText, UserName};
use serde_json::{Value, json};
use socketioxide::{extract::SocketRef, socket::Sid};

use super::{node_rooms, switched_off};
use crate::{
    chat::{
        Chat,
        guest::{Dialect, Origin, OutboundEvent, Socket, To},
    },
    error::Refusal,
    names,
    net::limits::{Caller, Kind, stored},
    realtime::inbound::unreadable,
    secret,
};

/// A client outside as it sends something; a cheap handle.
#[derive(Clone)]
pub(super) struct Guest {
    socket: SocketRef,
    known: Arc<GuestSession>,
}

/// What is known of a client. The socket is not in it, for the socket's handlers hold it: they would keep each other.
pub(super) struct GuestSession {
    chat: Chat,
    /// The name of who gives none.
    guest: UserName,
    /// Whether anything may be said, and not only be heard.
    may_speak: bool,
    spoken: OnceLock<&'static Dialect>,
    rooms: node_rooms::Kept,
}

/// What is said, towards those of the own dialect.
pub(super) struct Wording {
    pub(super) outbound: Vec<(To, OutboundEvent)>,
    /// Whether the others hear the dialect's form as well.
    pub(super) form_to_others: bool,
}

impl Wording {
    /// One event, and nothing else.
    pub(super) fn outbound(to: To, outbound: OutboundEvent) -> Self {
        Self { outbound: vec![(to, outbound)], form_to_others: false }
    }
}

impl GuestSession {
    pub(super) fn new(chat: &Chat, may_speak: bool) -> Self {
        let guest = guest_name();
        Self { chat: chat.clone(), guest, may_speak, spoken: OnceLock::new(), rooms: node_rooms::Kept::default() }
    }
}

impl Guest {
    pub(super) fn new(socket: SocketRef, known: Arc<GuestSession>) -> Self {
        Self { socket, known }
    }

    /// The socket's id, for the log.
    pub(super) fn id(&self) -> Sid {
        self.socket.id
    }

    /// The name of who gives none, or none that can be one.
    pub(super) fn guest(&self) -> &UserName {
        &self.known.guest
    }

    /// Notes which dialect the client speaks; the first one counts.
    pub(super) fn speaks(&self, dialect: &'static Dialect) {
        if self.known.spoken.set(dialect).is_ok() {
            self.known.chat.settle_outside(&self.socket, dialect);
        }
    }

    /// Says something in the lobby.
    ///
    /// # Errors
    /// `Malformed` when nothing is left of the text, or it is too long; `SwitchedOff`; `TooOften`.
    pub(super) async fn say(
        &self,
        dialect: &'static Dialect,
        name: Option<&str>,
        text: &str,
        wording: Wording,
    ) -> Result<Value, Refusal> {
        self.may_speak()?;
        let text = MessageText::parse(text).map_err(|error| malformed(&error.to_string()))?;
        // A name that cannot be one must not lose the message.
        let name = name.and_then(names::guest_name).unwrap_or_else(|| self.known.guest.clone());
        let outbound_bytes: usize = wording.outbound.iter().map(|(_, outbound)| outbound.bytes()).sum();
        self.may_send(outbound_bytes + text.as_str().len())?;
        let caller = self.socket.extensions.get::<Caller>();
        let may_store = move |bytes| caller.as_ref().map_or(Ok(()), |caller| caller.may_store(bytes));
        may_store(stored::message(text.as_str().len()))?;
        tracing::debug!(socket = %self.socket.id, dialect = dialect.key, bytes = text.as_str().len(), "message");
        let Wording { outbound, form_to_others } = wording;
        let origin = Origin { dialect, socket: Socket::SocketIo(self.socket.clone()), outbound, form_to_others };
        let may_add = Box::new(move || may_store(stored::GUEST));
        self.known.chat.say_from_outside(name, text, origin, may_add).await?;
        Ok(done())
    }

    /// Sends what is no message to others of the dialect. Answers how many they are.
    ///
    /// # Errors
    /// `SwitchedOff`, `TooOften`.
    pub(super) fn tell(&self, dialect: &Dialect, to: &To, outbound: &OutboundEvent) -> Result<usize, Refusal> {
        self.may_speak()?;
        self.may_send(outbound.bytes())?;
        Ok(self.known.chat.tell_outside(dialect, &self.socket, to, outbound))
    }

    /// Sends what the server itself has to tell to the others of a dialect.
    pub(super) fn announce(&self, dialect: &Dialect, outbound: &OutboundEvent) {
        self.known.chat.tell_outside(dialect, &self.socket, &To::Others, outbound);
    }

    /// What the dialect with rooms keeps on this socket.
    pub(super) fn rooms(&self) -> &node_rooms::Kept {
        &self.known.rooms
    }

    /// Lets the client hear a room of the clients' own making.
    pub(super) fn join(&self, room: &str) {
        self.known.chat.join_outside(&self.socket, room);
    }

    /// Lets the client no longer hear a room of the clients' own making.
    pub(super) fn leave(&self, room: &str) {
        self.known.chat.leave_outside(&self.socket, room);
    }

    /// Ends the connection to the namespace.
    pub(super) fn disconnect(&self) {
        self.known.chat.disconnect_outside(self.socket.clone());
    }

    fn may_send(&self, bytes: usize) -> Result<(), Refusal> {
        match self.socket.extensions.get::<Caller>() {
            Some(caller) => Ok(caller.may_send(Kind::OutboundEvent, bytes)?),
            None => Ok(()),
        }
    }

    fn may_speak(&self) -> Result<(), Refusal> {
        if self.known.may_speak { Ok(()) } else { Err(switched_off().into()) }
    }
}

/// A name for a client that gives none.
pub(super) fn guest_name() -> UserName {
    let name = format!("guest-{}", secret::guest_digits());
    UserName::parse(&name).expect("ASCII letters and digits are a name")
}

/// The answer that says no more than that the request was granted.
pub(super) fn done() -> Value {
    json!({})
}

/// A refusal of what cannot be read.
pub(super) fn malformed(reason: &str) -> Refusal {
    Refusal::Fault(unreadable("This", reason))
}

/// A field that is a text.
pub(super) fn text_in<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    value.get(field)?.as_str()
}
