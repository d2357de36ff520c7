//! Reading on.

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
        self.0.committer.commit(Read { user, room, read }).await
    }
}

struct Read {
    user: UserId,
    room: RoomId,
    read: Seq,
}

impl Command for Read {
    type Reply = Membership;

    async fn run(&self, change: &mut Change<'_>) -> Result<Membership, Refusal> {
        let before = require_member(change.conn, self.room, self.user).await?.read;
        if self.read > before {
            members::read_up_to(change.conn, self.room, self.user, self.read).await?;
        }
        let membership = members::membership(change.conn, self.room, self.user).await?.ok_or_else(no_such_room)?;
        if membership.read > before {
            change.effects.notice(Notice::Read(self.user, ReadChanged { room: self.room, membership }));
        }
        Ok(membership)
    }
}
