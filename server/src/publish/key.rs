//! Keys of socket rooms.

use madang_common::id::{RoomId, UserId};

/// The sockets of a room's members.
pub(super) fn room(room: RoomId) -> String {
    format!("room:{room}")
}

/// The sockets of a person.
pub(super) fn user(user: UserId) -> String {
    format!("user:{user}")
}

/// The sockets outside that hear a dialect.
pub(super) fn dialect(key: &str) -> String {
    format!("dialect:{key}")
}

/// The sockets outside that joined a room of their own making.
pub(super) fn joined(room: &str) -> String {
    format!("joined:{room}")
}

/// The plain WebSockets that speak Madang's own protocol.
pub(super) fn plain() -> String {
    "plain".to_owned()
}

/// One plain WebSocket.
pub(super) fn outlet(id: u64) -> String {
    format!("outlet:{id}")
}
