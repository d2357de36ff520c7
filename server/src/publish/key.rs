//! The names of socket rooms.

use madang_common::id::{RoomId, UserId};

/// The sockets of a room's members.
pub(super) fn room(room: RoomId) -> String {
    format!("room:{room}")
}

/// The sockets of a person.
pub(super) fn user(user: UserId) -> String {
    format!("user:{user}")
}
