//! Queries: what a member may see. Each answer comes from one read transaction, so that it is consistent.

use madang_common::{
    event::{
        room::{DigestReply, HeadReply, HistoryReply, RoomHead, SyncReply},
        session::HelloReply,
    },
    id::{Rev, RoomId, Seq, UserId},
    limits::{DIGEST_MESSAGES, HISTORY_PAGE, MEMBERS_LISTED, SYNC_PAGE},
    room::{RoomSnapshot, RoomSummary, RoomView},
    text::RoomSlug,
    user::Member,
};

use super::{Chat, no_such_room, not_signed_in, require_member};
use crate::{
    error::Refusal,
    store::{members, messages, rooms, users},
};

impl Chat {
    /// Who the user is, and which rooms there are.
    ///
    /// # Errors
    /// `NotSignedIn`.
    pub async fn hello(&self, user: UserId) -> Result<HelloReply, Refusal> {
        let mut read = self.0.parts.store.read().await?;
        let me = users::get(&mut read, user).await?.ok_or_else(not_signed_in)?;
        let rooms = rooms::summaries(&mut read, user).await?;
        Ok(HelloReply { me, rooms })
    }

    /// All rooms, in the order of their names, the lobby first.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub async fn summaries(&self, user: UserId) -> Result<Vec<RoomSummary>, Refusal> {
        Ok(rooms::summaries(&mut *self.0.parts.store.read().await?, user).await?)
    }

    /// The room at an address, for anyone who has joined Madang.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn room_by_slug(&self, slug: &RoomSlug) -> Result<RoomView, Refusal> {
        rooms::by_slug(&mut *self.0.parts.store.read().await?, slug.as_str()).await?.ok_or_else(no_such_room)
    }

    /// The room of an id, for anyone who has joined Madang.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn room(&self, room: RoomId) -> Result<RoomView, Refusal> {
        rooms::get(&mut *self.0.parts.store.read().await?, room).await?.ok_or_else(no_such_room)
    }

    /// The latest page of a room that the user is a member of.
    ///
    /// # Errors
    /// `NotFound`, `NotAMember`.
    pub async fn open(&self, user: UserId, room: RoomId) -> Result<RoomSnapshot, Refusal> {
        let mut read = self.0.parts.store.read().await?;
        require_member(&mut read, room, user).await?;
        let view = rooms::get(&mut read, room).await?.ok_or_else(no_such_room)?;
        let membership = members::membership(&mut read, room, user).await?.ok_or_else(no_such_room)?;
        let page = messages::before(&mut read, room, None, HISTORY_PAGE).await?;
        let present = |most| self.0.parts.presence.online(most);
        let (members, more_members) = members::list(&mut read, room, present, MEMBERS_LISTED).await?;
        let members = members
            .into_iter()
            .map(|user| Member { online: self.0.parts.presence.is_online(user.id), user })
            .collect();
        let (messages, earlier) = (page.messages, page.more);
        Ok(RoomSnapshot { room: view, membership, members, more_members, messages, earlier })
    }

    /// What changed in a room after `since`.
    ///
    /// # Errors
    /// `NotFound`, `NotAMember`.
    pub async fn sync(&self, user: UserId, room: RoomId, since: Rev) -> Result<SyncReply, Refusal> {
        let mut read = self.0.parts.store.read().await?;
        require_member(&mut read, room, user).await?;
        let page = messages::since(&mut read, room, since, SYNC_PAGE).await?;
        let rev = match page.messages.last() {
            Some(last) if page.more => last.rev,
            _ => rooms::rev(&mut read, room).await?,
        };
        Ok(SyncReply { changes: page.messages, rev, more: page.more })
    }

    /// The page of messages just before `before`.
    ///
    /// # Errors
    /// `NotFound`, `NotAMember`.
    pub async fn history(&self, user: UserId, room: RoomId, before: Seq) -> Result<HistoryReply, Refusal> {
        let mut read = self.0.parts.store.read().await?;
        require_member(&mut read, room, user).await?;
        let page = messages::before(&mut read, room, Some(before), HISTORY_PAGE).await?;
        Ok(HistoryReply { messages: page.messages, earlier: page.more })
    }

    /// What the latest messages of a room come to, from the place `from` on.
    ///
    /// # Errors
    /// `NotFound`, `NotAMember`.
    pub async fn digest(&self, user: UserId, room: RoomId, from: Seq) -> Result<DigestReply, Refusal> {
        let mut read = self.0.parts.store.read().await?;
        require_member(&mut read, room, user).await?;
        let digest = messages::digest(&mut read, room, from, DIGEST_MESSAGES).await?;
        Ok(DigestReply { rev: rooms::rev(&mut read, room).await?, digest })
    }

    /// How far each of the user's rooms has come.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub async fn head(&self, user: UserId) -> Result<HeadReply, Refusal> {
        let memberships = members::memberships(&mut *self.0.parts.store.read().await?, user).await?;
        let rooms = memberships.into_iter().map(|(room, membership)| RoomHead { room, membership }).collect();
        Ok(HeadReply { rooms })
    }
}
