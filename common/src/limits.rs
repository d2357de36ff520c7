//! The limits of the protocol, defined once for both ends.

/// Most characters (Unicode scalar values) of a message.
pub const MESSAGE_CHARS: usize = 4_000;
/// Most characters of a person's name.
pub const USER_NAME_CHARS: usize = 32;
/// Most characters of a room's name, and of its slug.
pub const ROOM_NAME_CHARS: usize = 40;
/// Most characters of a room's topic.
pub const ROOM_TOPIC_CHARS: usize = 200;
/// Most bytes of one frame or polling body that a client may send.
pub const FRAME_BYTES: usize = 64 * 1024;
/// Messages in one page of history, and in a room's first page.
pub const HISTORY_PAGE: usize = 50;
/// Messages in one page of `room.sync`.
pub const SYNC_PAGE: usize = 200;
/// Most messages that a `room.digest` stands for: the latest ones.
pub const DIGEST_MESSAGES: usize = 500;
/// Most members of those who are there, and of those who were last seen, that a room's snapshot lists. In a room that
/// has more, [`MemberJoined`](crate::event::presence::MemberJoined) tells who comes.
pub const MEMBERS_LISTED: usize = 300;
/// How often a client sends `typing.start` while its user goes on typing, in milliseconds.
pub const TYPING_REPEAT_MS: u64 = 3_000;
/// After how long without another `typing.start` a person counts as no longer typing, in milliseconds.
pub const TYPING_EXPIRE_MS: u64 = 6_000;
/// How often a client asks for `room.head`, in milliseconds.
pub const HEAD_INTERVAL_MS: u64 = 15_000;
/// Most unread messages that are counted in a room. This number stands for as many or more.
pub const UNREAD_COUNTED: u32 = 100;
/// Most rooms that one person may be a member of, the lobby among them.
pub const ROOMS_PER_PERSON: usize = 200;
