//! Signing out.

use madang_common::id::UserId;

use crate::{
    chat::{
        Chat,
        commit::{Change, Command},
        require_session,
        room::leave,
    },
    error::Refusal,
    store::{members, sessions, users},
};

/// Rooms that one leaves in one command, so that others need not wait while somebody leaves hundreds.
const ROOMS_AT_ONCE: usize = 16;

impl Chat {
    /// Leaves Madang: all rooms, the session and the name. It is done to its end even if nobody waits for it; whatever
    /// comes between, the session ends with the last of the rooms, so that nobody is left in one without a session.
    ///
    /// # Errors
    /// `NotSignedIn`; [`Refusal::NotCommitted`].
    pub async fn sign_out(&self, user: UserId) -> Result<(), Refusal> {
        let chat = self.clone();
        let leaving = tokio::spawn(async move {
            while chat.0.parts.committer.commit(SignOut { user }).await? == SignedOut::NotYet {}
            Ok(())
        });
        leaving.await.unwrap_or(Err(Refusal::NotCommitted))
    }
}

/// Leaves some rooms, and with the last of them Madang.
pub(crate) struct SignOut {
    pub(crate) user: UserId,
}

/// How far a person has got with leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignedOut {
    /// There are more rooms to leave; the session stands.
    NotYet,
    /// The person is gone.
    Gone,
}

impl Command for SignOut {
    type Reply = SignedOut;

    async fn run(&self, change: &mut Change<'_>) -> Result<SignedOut, Refusal> {
        let user = require_session(change.conn, self.user).await?;
        let mut rooms = members::latest_rooms_of(change.conn, user.id, ROOMS_AT_ONCE + 1).await?;
        let more = rooms.len() > ROOMS_AT_ONCE;
        rooms.truncate(ROOMS_AT_ONCE);
        for room in rooms {
            leave(change, &user, room).await?;
        }
        if more {
            return Ok(SignedOut::NotYet);
        }
        sessions::delete_of(change.conn, user.id).await?;
        users::release_name(change.conn, user.id).await?;
        change.effects.end(user.id);
        Ok(SignedOut::Gone)
    }
}
