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

/// The names of all events that a client may send.
pub const CLIENT_EVENTS: [&str; 15] = [
    session::Hello::NAME,
    room::Create::NAME,
    room::Join::NAME,
    room::Leave::NAME,
    room::Open::NAME,
    room::Sync::NAME,
    room::Head::NAME,
    room::History::NAME,
    room::Digest::NAME,
    room::Read::NAME,
    message::Post::NAME,
    message::Edit::NAME,
    message::Delete::NAME,
    typing::Start::NAME,
    typing::Stop::NAME,
];

/// The names of all events that the server may send.
pub const SERVER_EVENTS: [&str; 11] = [
    session::Ended::NAME,
    server::Leaving::NAME,
    room::Changes::NAME,
    room::Added::NAME,
    room::Removed::NAME,
    room::MembershipChanged::NAME,
    room::ReadChanged::NAME,
    presence::MemberJoined::NAME,
    presence::MemberLeft::NAME,
    presence::PresenceChanged::NAME,
    typing::TypingChanged::NAME,
];
