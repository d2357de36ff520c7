//! What each event counts as, and in which room.

use madang_common::{
    event::{ClientEvent, message, room, session, typing},
    id::RoomId,
};

use crate::limits::Kind;

/// An event whose rate is limited, as all are.
pub(super) trait Limited: ClientEvent {
    /// What it counts as.
    const KIND: Kind;

    /// The room that it counts against, where that has a rate and the event names it.
    fn room(&self) -> Option<RoomId> {
        None
    }
}

macro_rules! limited {
    ($($event:ty => $kind:ident $(in $room:ident)?;)*) => {
        $(impl Limited for $event {
            const KIND: Kind = Kind::$kind;

            $(fn room(&self) -> Option<RoomId> {
                Some(self.$room)
            })?
        })*
    };
}

limited! {
    session::Hello => Read;
    room::Create => CreateRoom;
    room::Join => Enter in room;
    room::Leave => Enter in room;
    room::Open => Read;
    room::Sync => Read;
    room::Head => Signal;
    room::History => Read;
    room::Digest => Read;
    room::Read => Signal;
    message::Post => Post in room;
    message::Edit => Change;
    message::Delete => Change;
    typing::Start => Signal;
    typing::Stop => Signal;
}
