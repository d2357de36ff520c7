//! `room.*`: listing, joining and following rooms.

use serde::{Deserialize, Serialize};

use super::{ClientEvent, Done, ServerEvent};
use crate::{
    digest::Rolled,
    id::{Rev, RoomId, Seq},
    message::MessageView,
    room::{Membership, RoomSnapshot, RoomSummary, RoomView},
    text::{RoomName, RoomTopic},
};

/// `room.create`: makes a room and joins it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Create {
    pub name: RoomName,
    pub topic: RoomTopic,
}

impl ClientEvent for Create {
    const NAME: &'static str = "room.create";
    type Reply = RoomSnapshot;
}

/// `room.join`: becomes a member. Joining again changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Join {
    pub room: RoomId,
}

impl ClientEvent for Join {
    const NAME: &'static str = "room.join";
    type Reply = RoomSnapshot;
}

/// `room.leave`: stops being a member. Leaving again changes nothing; nobody leaves the lobby but by leaving Madang.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    pub room: RoomId,
}

impl ClientEvent for Leave {
    const NAME: &'static str = "room.leave";
    type Reply = Done;
}

/// `room.open`: the latest page of a room that one is a member of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    pub room: RoomId,
}

impl ClientEvent for Open {
    const NAME: &'static str = "room.open";
    type Reply = RoomSnapshot;
}

/// `room.sync`: what changed after revision `since`, a page at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sync {
    pub room: RoomId,
    pub since: Rev,
}

/// The answer to [`Sync`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncReply {
    /// The latest state of each message that changed, in the order of `rev`.
    pub changes: Vec<MessageView>,
    /// The revision that the reader holds after applying `changes`.
    pub rev: Rev,
    /// Whether to ask again, with `since` set to `rev`.
    pub more: bool,
}

impl ClientEvent for Sync {
    const NAME: &'static str = "room.sync";
    type Reply = SyncReply;
}

/// `room.head`: how far each of one's rooms has come. Asked now and then, to notice a change that never came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {}

/// The answer to [`Head`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadReply {
    pub rooms: Vec<RoomHead>,
}

/// One room of a [`HeadReply`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomHead {
    pub room: RoomId,
    pub membership: Membership,
}

impl ClientEvent for Head {
    const NAME: &'static str = "room.head";
    type Reply = HeadReply;
}

/// `room.history`: the page of messages just before `before`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    pub room: RoomId,
    pub before: Seq,
}

/// The answer to [`History`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryReply {
    /// In the order of `seq`.
    pub messages: Vec<MessageView>,
    /// Whether older messages exist.
    pub earlier: bool,
}

impl ClientEvent for History {
    const NAME: &'static str = "room.history";
    type Reply = HistoryReply;
}

/// `room.digest`: what the messages from `from` on come to, for a reader to compare with what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    pub room: RoomId,
    pub from: Seq,
}

/// The answer to [`Digest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestReply {
    /// The revision that the room stands at. At another one the reader holds other messages.
    pub rev: Rev,
    /// Over the latest [`DIGEST_MESSAGES`](crate::limits::DIGEST_MESSAGES) at most.
    pub digest: Rolled,
}

impl ClientEvent for Digest {
    const NAME: &'static str = "room.digest";
    type Reply = DigestReply;
}

/// `room.read`: the reader has seen all up to `read`. Going back changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    pub room: RoomId,
    pub read: Seq,
}

impl ClientEvent for Read {
    const NAME: &'static str = "room.read";
    type Reply = Membership;
}

/// `room.changes`: what one commit changed in a room, to its members. The revisions are consecutive; a reader that
/// does not hold the one before the first asks for `room.sync`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    pub room: RoomId,
    /// In the order of `rev`.
    pub changes: Vec<MessageView>,
}

impl ServerEvent for Changes {
    const NAME: &'static str = "room.changes";
}

/// `room.added`: a room has been made; to everyone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    pub room: RoomView,
}

impl ServerEvent for Added {
    const NAME: &'static str = "room.added";
}

/// `room.removed`: a room that everyone had left is gone, with all that was said in it; to everyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    pub room: RoomId,
}

impl ServerEvent for Removed {
    const NAME: &'static str = "room.removed";
}

/// `membership.changed`: one joined or left a room, here or in another tab; to one's own sockets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembershipChanged {
    pub summary: RoomSummary,
}

impl ServerEvent for MembershipChanged {
    const NAME: &'static str = "membership.changed";
}

/// `read.changed`: one has read on in a room, here or in another tab; to one's own sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadChanged {
    pub room: RoomId,
    pub membership: Membership,
}

impl ServerEvent for ReadChanged {
    const NAME: &'static str = "read.changed";
}
