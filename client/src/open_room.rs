//! The room that the page shows.

use madang_common::{
    id::Seq,
    room::{RoomSnapshot, RoomView},
};

use super::{members::Members, timeline::Timeline, typing::Typing};

/// Everything of the room that the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenRoom {
    pub room: RoomView,
    pub timeline: Timeline,
    pub members: Members,
    pub typing: Typing,
    /// The last message that had been read when the room was opened: the "new" divider stands after it, if
    /// anything of others does.
    pub read_on_open: Seq,
}

impl OpenRoom {
    /// The room as a snapshot gives it.
    #[must_use]
    pub fn new(snapshot: RoomSnapshot) -> Self {
        Self {
            timeline: Timeline::new(&snapshot),
            members: Members::new(snapshot.members, snapshot.more_members),
            typing: Typing::default(),
            read_on_open: snapshot.membership.read,
            room: snapshot.room,
        }
    }
}
