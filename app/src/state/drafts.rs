//! What stands in a composer and has not been said.

use madang_common::id::RoomId;

/// Under which key the browser keeps a room's draft.
#[must_use]
pub fn key(room: RoomId) -> String {
    format!("madang.draft.{room}")
}
