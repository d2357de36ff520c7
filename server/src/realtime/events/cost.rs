//! The rate limit that each event counts towards, and the room that it is about.

use madang_common::{
    event::{ClientEvent, message, room, session, typing},
    id::RoomId,
};

use crate::net::limits::{Kind, stored};

/// An event whose rate is limited, as all are.
pub(crate) trait Limited: ClientEvent {
    /// What it counts as.
    const KIND: Kind;

    /// The room that it counts against, where that has a rate and the event names it.
    fn room(&self) -> Option<RoomId> {
        None
    }

    /// How many bytes the database grows by it.
    fn stored(&self) -> usize {
        0
    }
}

macro_rules! limited {
    ($($event:ty => $kind:ident $(in $room:ident)? $(stores $size:expr)?;)*) => {
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

limited! {
    session::Hello => Read;
    room::Create => CreateRoom
        stores |room| stored::ROOM + room.name.as_str().len() + room.topic.as_str().len();
    room::Join => Enter in room stores |_| stored::MEMBERSHIP;
    room::Leave => Enter in room;
    room::Open => Read;
    room::Sync => Read;
    room::Head => Read;
    room::History => Read;
    room::Digest => Read;
    room::Read => Signal;
    message::Post => Post in room stores |post| stored::message(post.text.as_str().len());
    message::Edit => Change stores |edit| edit.text.as_str().len();
    message::Delete => Change;
    typing::Start => Signal;
    typing::Stop => Signal;
}
