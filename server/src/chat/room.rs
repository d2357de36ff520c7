//! Rooms: creating, joining and leaving.

use madang_common::{
    event::{
        presence::{MemberJoined, MemberLeft},
        room::{Added, MembershipChanged},
    },
    fault::FaultCode,
    id::{RoomId, UserId},
    limits::ROOMS_PER_PERSON,
    message::Body,
    room::{Membership, RoomSnapshot, RoomSummary, RoomView},
    text::{RoomName, RoomSlug, RoomTopic},
    user::{Member, UserView},
};

use super::{
    Chat,
    commit::{Change, Command},
    message::next::write_notice,
    no_such_room, require_session,
};
use crate::{
    error::Refusal,
    names::{self, Likeness},
    publish::{Notice, Subscription},
    store::{
        members,
        rooms::{self, LOBBY},
    },
};

/// The part of all rooms that one person may make is one in so many.
const SHARE: u32 = 4;

impl Chat {
    /// Makes a room and joins it.
    ///
    /// # Errors
    /// `RoomExists` when a room has a name that is like this one; `TooManyRooms`; `InTooManyRooms`.
    pub async fn create_room(&self, user: UserId, name: RoomName, topic: RoomTopic) -> Result<RoomSnapshot, Refusal> {
        let room = self.0.parts.committer.commit(Create { user, name, topic, most: self.0.parts.most_rooms }).await?;
        self.open(user, room).await
    }

    /// Joins a room; joining again changes nothing.
    ///
    /// # Errors
    /// `NotFound`; `InTooManyRooms`.
    pub async fn join_room(&self, user: UserId, room: RoomId) -> Result<RoomSnapshot, Refusal> {
        self.0.parts.committer.commit(Join { user, room }).await?;
        self.open(user, room).await
    }

    /// Leaves a room; leaving again changes nothing.
    ///
    /// # Errors
    /// `NotFound`; `LobbyStays`.
    pub async fn leave_room(&self, user: UserId, room: RoomId) -> Result<(), Refusal> {
        self.0.parts.committer.commit(Leave { user, room }).await?;
        if let Some(stopped) = self.0.parts.typing.clear(room, user) {
            self.0.parts.publisher.typing(&stopped).await;
        }
        Ok(())
    }
}

pub(super) struct Create {
    pub(super) user: UserId,
    pub(super) name: RoomName,
    pub(super) topic: RoomTopic,
    /// How many rooms there may be.
    pub(super) most: u32,
}

impl Command for Create {
    type Reply = RoomId;
    const GROWS: bool = true;

    async fn run(&self, change: &mut Change<'_>) -> Result<RoomId, Refusal> {
        let user = require_session(change.conn, self.user).await?;
        if names::is_like_lobby(&self.name) || rooms::is_alike(change.conn, &Likeness::of(self.name.as_str())).await?
        {
            return Err(room_exists());
        }
        let count = rooms::count(change.conn).await?;
        if count >= self.most {
            return Err(Refusal::fault(FaultCode::TooManyRooms, "There are as many rooms as there may be."));
        }
        require_place(change, user.id).await?;
        // Whoever makes as many as they can leaves some to the others.
        let share = self.most.div_ceil(SHARE);
        if rooms::count_made_by(change.conn, user.id, share).await? >= share {
            return Err(Refusal::fault(FaultCode::TooManyRooms, "You have made as many rooms as one person may."));
        }
        let slug = free_slug(change, &self.name, count).await?;
        let id = rooms::insert(change.conn, (&slug, &self.name, &self.topic), user.id, change.now).await?;
        let room = RoomView { id, slug, name: self.name.clone(), topic: self.topic.clone() };
        change.effects.notice(Notice::RoomAdded(Added { room: room.clone() }));
        enter_room(change, &user, room).await?;
        Ok(id)
    }
}

/// The address of a new room: that of its name, with a number where another name has made the same one.
///
/// Few are tried, however many rooms have names like `C`, `C+` and `C++`: the first numbers, then those above the number
/// of all rooms, which only a name that ends in one can have taken.
async fn free_slug(change: &mut Change<'_>, name: &RoomName, count: u32) -> Result<RoomSlug, Refusal> {
    let slug = names::room_slug(name);
    if rooms::by_slug(change.conn, slug.as_str()).await?.is_none() {
        return Ok(slug);
    }
    for number in (2..10).chain(count.saturating_add(1)..count.saturating_add(9)) {
        let numbered = names::numbered_slug(&slug, number);
        if rooms::by_slug(change.conn, numbered.as_str()).await?.is_none() {
            return Ok(numbered);
        }
    }
    Err(room_exists())
}

fn room_exists() -> Refusal {
    Refusal::fault(FaultCode::RoomExists, "A room of this name exists.")
}

pub(super) struct Join {
    pub(super) user: UserId,
    pub(super) room: RoomId,
}

impl Command for Join {
    type Reply = ();
    const GROWS: bool = true;

    async fn run(&self, change: &mut Change<'_>) -> Result<(), Refusal> {
        let user = require_session(change.conn, self.user).await?;
        let room = rooms::get(change.conn, self.room).await?.ok_or_else(no_such_room)?;
        if members::get(change.conn, room.id, user.id).await?.is_some() {
            return Ok(());
        }
        require_place(change, user.id).await?;
        enter_room(change, &user, room).await
    }
}

pub(super) struct Leave {
    pub(super) user: UserId,
    pub(super) room: RoomId,
}

impl Command for Leave {
    type Reply = ();

    async fn run(&self, change: &mut Change<'_>) -> Result<(), Refusal> {
        let room = rooms::get(change.conn, self.room).await?.ok_or_else(no_such_room)?;
        if room.slug.as_str() == LOBBY {
            return Err(Refusal::fault(FaultCode::LobbyStays, "Everyone stays in the lobby."));
        }
        let user = require_session(change.conn, self.user).await?;
        if members::get(change.conn, room.id, user.id).await?.is_none() {
            return Ok(());
        }
        leave(change, &user, room.id).await?;
        let summary = RoomSummary { room, membership: None };
        change.effects.notice(Notice::Membership(self.user, MembershipChanged { summary }));
        Ok(())
    }
}

/// Refuses one who is in as many rooms as one may be: what is done for a person, as when a socket comes, is done for each of
/// their rooms.
async fn require_place(change: &mut Change<'_>, user: UserId) -> Result<(), Refusal> {
    if members::is_in_many(change.conn, user, ROOMS_PER_PERSON).await? {
        let sentence = format!("You are in {ROOMS_PER_PERSON} rooms; leave one first.");
        return Err(Refusal::fault(FaultCode::InTooManyRooms, &sentence));
    }
    Ok(())
}

/// Takes a member out of a room, with a notice to the others.
pub(super) async fn leave(change: &mut Change<'_>, user: &UserView, room: RoomId) -> Result<(), Refusal> {
    write_notice(change, room, user, Body::Left).await?;
    members::delete(change.conn, room, user.id).await?;
    change.effects.subscribe(Subscription::Leave { user: user.id, room });
    change.effects.notice(Notice::MemberLeft(MemberLeft { room, user: user.id }));
    Ok(())
}

/// Makes `user` a member of a room that they are not a member of. Whoever joins has read all that came before.
pub(super) async fn enter_room(change: &mut Change<'_>, user: &UserView, room: RoomView) -> Result<(), Refusal> {
    let notice = write_notice(change, room.id, user, Body::Joined).await?;
    members::insert(change.conn, room.id, user.id, notice.seq, change.now).await?;
    change.effects.subscribe(Subscription::Join { user: user.id, room: room.id });
    let member = Member { user: user.clone(), online: change.presence.is_online(user.id) };
    change.effects.notice(Notice::MemberJoined(MemberJoined { room: room.id, member }));
    let membership = Some(Membership { read: notice.seq, unread: 0, rev: notice.rev });
    let summary = RoomSummary { room, membership };
    change.effects.notice(Notice::Membership(user.id, MembershipChanged { summary }));
    Ok(())
}
