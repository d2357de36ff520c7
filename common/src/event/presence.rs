//! `member.*` and `presence.*`: the members of a room, and who is online. Never stored, never retried.

use serde::{Deserialize, Serialize};

use super::ServerEvent;
use crate::{
    id::{RoomId, UserId},
    user::Member,
};

/// `member.joined`: a room has a new member, or a big one has a member who comes; to its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberJoined {
    pub room: RoomId,
    pub member: Member,
}

impl ServerEvent for MemberJoined {
    const NAME: &'static str = "member.joined";
}

/// `member.left`: a room has lost a member; to the members that remain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberLeft {
    pub room: RoomId,
    pub user: UserId,
}

impl ServerEvent for MemberLeft {
    const NAME: &'static str = "member.left";
}

/// `presence.changed`: a person came or went; to all who share a room with them. Of coming, the members of a big room
/// hear [`MemberJoined`], for not everyone has the person in their list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceChanged {
    pub user: UserId,
    pub online: bool,
}

impl ServerEvent for PresenceChanged {
    const NAME: &'static str = "presence.changed";
}
