//! The events of namespace [`NAMESPACE`], one file per topic.
//!
//! Every [`ClientEvent`] carries one JSON object and is acknowledged with an [`Answer`]. A [`ServerEvent`] carries
//! one JSON object and asks for no acknowledgement: what must not be lost in it is found again by `room.sync`.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::fault::Fault;

pub mod message;
pub mod presence;
pub mod room;
pub mod server;
pub mod session;
pub mod typing;

/// The Socket.IO namespace of Madang's own protocol.
pub const NAMESPACE: &str = "/chat";
/// The subprotocol of a plain WebSocket that carries the same events.
pub const PLAIN_PROTOCOL: &str = "madang.v1.json";

/// An event that a client sends.
pub trait ClientEvent: Serialize + DeserializeOwned + Send + 'static {
    /// The event's name on the wire.
    const NAME: &'static str;
    /// What an acknowledgement carries when the request was granted.
    type Reply: Serialize + DeserializeOwned + Send + 'static;
}

/// An event that the server sends.
pub trait ServerEvent: Serialize + DeserializeOwned {
    /// The event's name on the wire.
    const NAME: &'static str;
}

/// What every acknowledgement carries: `{"ok": reply}` or `{"fault": {…}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer<T> {
    Ok(T),
    Fault(Fault),
}

impl<T> From<Result<T, Fault>> for Answer<T> {
    fn from(result: Result<T, Fault>) -> Self {
        match result {
            Ok(reply) => Self::Ok(reply),
            Err(fault) => Self::Fault(fault),
        }
    }
}

impl<T> From<Answer<T>> for Result<T, Fault> {
    fn from(answer: Answer<T>) -> Self {
        match answer {
            Answer::Ok(reply) => Ok(reply),
            Answer::Fault(fault) => Err(fault),
        }
    }
}

/// A reply that says no more than that the request was granted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {}

/// Every event, once: calls the macro that it is given with each type.
///
/// `madang_common::every_client_event!(name_of)` is `[name_of!(session::Hello), …]`; the types are paths from this module.
#[macro_export]
macro_rules! every_client_event {
    ($each:ident) => {
        [
            $each!(session::Hello),
            $each!(room::Create),
            $each!(room::Join),
            $each!(room::Leave),
            $each!(room::Open),
            $each!(room::Sync),
            $each!(room::Head),
            $each!(room::History),
            $each!(room::Digest),
            $each!(room::Read),
            $each!(message::Post),
            $each!(message::Edit),
            $each!(message::Delete),
            $each!(typing::Start),
            $each!(typing::Stop),
        ]
    };
}

/// As [`every_client_event`], for the events of the server.
#[macro_export]
macro_rules! every_server_event {
    ($each:ident) => {
        [
            $each!(session::Ended),
            $each!(server::Leaving),
            $each!(room::Changes),
            $each!(room::Added),
            $each!(room::Removed),
            $each!(room::MembershipChanged),
            $each!(room::ReadChanged),
            $each!(presence::MemberJoined),
            $each!(presence::MemberLeft),
            $each!(presence::PresenceChanged),
            $each!(typing::TypingChanged),
        ]
    };
}

macro_rules! name {
    ($event:ty) => {
        <$event>::NAME
    };
}

/// The names of all events that a client may send.
pub const CLIENT_EVENTS: [&str; 15] = every_client_event!(name);

/// The names of all events that the server may send.
pub const SERVER_EVENTS: [&str; 11] = every_server_event!(name);
