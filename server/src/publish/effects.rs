//! Effects: what a commit changed, for those who may know.

use std::collections::BTreeMap;

use super::{Socket, guests::LobbyMessage};
use madang_common::{
    event::{
        presence::{MemberJoined, MemberLeft},
        room::{Added, MembershipChanged, ReadChanged, Removed},
    },
    id::{RoomId, UserId},
    message::MessageView,
};

/// Everything that is to be told after a commit, gathered while it is made.
#[derive(Default)]
pub(crate) struct Effects {
    pub(super) subscriptions: Vec<Subscription>,
    pub(super) changes: BTreeMap<RoomId, Vec<MessageView>>,
    pub(super) said: Vec<LobbyMessage>,
    pub(super) notices: Vec<Notice>,
    pub(super) ended: Vec<UserId>,
}

/// Which sockets hear which room from now on.
pub(crate) enum Subscription {
    /// A socket comes, or comes back after it could not keep up.
    Socket { user: UserId, socket: Socket, rooms: Vec<RoomId> },
    /// All sockets of a person hear a room.
    Join { user: UserId, room: RoomId },
    /// No socket of a person hears a room any more.
    Leave { user: UserId, room: RoomId },
}

/// An event beside the messages.
pub(crate) enum Notice {
    MemberJoined(MemberJoined),
    MemberLeft(MemberLeft),
    RoomAdded(Added),
    RoomRemoved(Removed),
    Membership(UserId, MembershipChanged),
    Read(UserId, ReadChanged),
}

impl Effects {
    /// A message came to be as it is. Changes of a room are told in the order in which they are added.
    pub(crate) fn change(&mut self, message: MessageView) {
        self.changes.entry(message.room).or_default().push(message);
    }

    /// Something new was said in the lobby, which those outside hear too. It is told in the order in which it is added.
    pub(crate) fn say(&mut self, said: LobbyMessage) {
        self.said.push(said);
    }

    /// Sockets hear a room, or no longer.
    pub(crate) fn subscribe(&mut self, subscription: Subscription) {
        self.subscriptions.push(subscription);
    }

    /// Something else happened.
    pub(crate) fn notice(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    /// A person's sessions are over.
    pub(crate) fn end(&mut self, user: UserId) {
        self.ended.push(user);
    }

    /// The people whose sessions are over.
    pub(crate) fn ended(&self) -> &[UserId] {
        &self.ended
    }
}
