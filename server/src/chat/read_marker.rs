//! The read marker: how far a member has read.

use madang_common::{
    event::room::ReadChanged,
    id::{RoomId, Seq, UserId},
    room::Membership,
};

use super::{
    Chat,
    commit::{Change, Command},
    no_such_room, require_member,
};
use crate::{error::Refusal, publish::Notice, store::members};

impl Chat {
    /// The user has seen all up to `read`; going back changes nothing.
    ///
    /// # Errors
    /// `NotFound`, `NotAMember`.
    pub async fn mark_read(&self, user: UserId, room: RoomId, read: Seq) -> Result<Membership, Refusal> {
        let outcome = self.0.parts.committer.commit(Read { user, room, read }).await?;
        if let Some(membership) = outcome.all_read {
            return Ok(membership);
        }
        // What is left is counted here, where nobody waits for it.
        let membership = members::membership(&mut *self.0.parts.store.read().await?, room, user).await?;
        let membership = membership.ok_or_else(no_such_room)?;
        if outcome.moved {
            self.0.parts.publisher.notify(Notice::Read(user, ReadChanged { room, membership })).await;
        }
        Ok(membership)
    }
}

pub(super) struct Read {
    pub(super) user: UserId,
    pub(super) room: RoomId,
    pub(super) read: Seq,
}

/// What became of the mark up to which a person has read.
pub(super) struct Marked {
    /// Whether it is another one now.
    moved: bool,
    /// The membership, where the mark is at the room's end. The person's other tabs are told then.
    all_read: Option<Membership>,
}

impl Command for Read {
    type Reply = Marked;

    async fn run(&self, change: &mut Change<'_>) -> Result<Marked, Refusal> {
        let before = require_member(change.conn, self.room, self.user).await?.read;
        if self.read > before {
            members::read_up_to(change.conn, self.room, self.user, self.read).await?;
        }
        let now = members::progress(change.conn, self.room, self.user).await?.ok_or_else(no_such_room)?;
        let moved = now.read > before;
        let all_read = (now.read >= now.last).then_some(Membership { read: now.read, unread: 0, rev: now.rev });
        if let Some(membership) = all_read.filter(|_| moved) {
            change.effects.notice(Notice::Read(self.user, ReadChanged { room: self.room, membership }));
        }
        Ok(Marked { moved, all_read })
    }
}
