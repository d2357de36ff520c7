//! Joining Madang and leaving it.

use madang_common::{
    event::presence::MemberLeft, fault::FaultCode, id::UserId, message::Body, text::UserName, user::UserView,
};

use super::{
    Chat,
    commit::{Change, Command},
    name, no_such_room,
    rooms::enter_room,
    writing::write_notice,
};
use crate::{
    error::Refusal,
    publish::{Notice, Subscription},
    secret::{Token, TokenHash},
    store::{
        members,
        rooms::{self, LOBBY},
        sessions, users,
    },
};

/// Who has joined, and the token of the new session, if there was none to keep.
pub struct SignedIn {
    /// The person.
    pub user: UserView,
    /// What the browser is to hold from now on.
    pub token: Option<Token>,
}

impl Chat {
    /// Joins Madang under a name. A session that stands is kept: with a name, nothing changes; one whose name was
    /// given away takes the new name and stays the same person.
    ///
    /// # Errors
    /// `NameTaken`.
    pub async fn sign_in(&self, session: Option<TokenHash>, name: UserName) -> Result<SignedIn, Refusal> {
        self.0.committer.commit(SignIn { chat: self.clone(), session, name }).await
    }

    /// Leaves Madang: all rooms, the session and the name.
    ///
    /// # Errors
    /// [`Refusal::NotCommitted`].
    pub async fn sign_out(&self, user: UserId) -> Result<(), Refusal> {
        self.0.committer.commit(SignOut { user }).await
    }
}

struct SignIn {
    chat: Chat,
    session: Option<TokenHash>,
    name: UserName,
}

impl Command for SignIn {
    type Reply = SignedIn;

    async fn run(&self, change: &mut Change<'_>) -> Result<SignedIn, Refusal> {
        let known = match &self.session {
            Some(token) => sessions::get(change.conn, token, self.chat.0.lifetime.at(change.now)).await?,
            None => None,
        };
        let fold = name::fold(&self.name);
        match known {
            Some(known) if known.holds_name => Ok(SignedIn { user: known.user, token: None }),
            Some(known) => {
                let id = known.user.id;
                self.chat.free_name(change, &fold, Some(id)).await?;
                users::rename(change.conn, id, &self.name, &fold).await?;
                users::touch(change.conn, id, change.now).await?;
                Ok(SignedIn { user: UserView { id, name: self.name.clone(), outside: false }, token: None })
            }
            None => {
                let lobby = rooms::by_slug(change.conn, LOBBY).await?.ok_or_else(no_such_room)?;
                self.chat.free_name(change, &fold, None).await?;
                let id = users::insert(change.conn, &self.name, &fold, change.now).await?;
                let token = Token::random();
                sessions::insert(change.conn, &token.hash(), id, change.now).await?;
                let user = UserView { id, name: self.name.clone(), outside: false };
                enter_room(change, &user, lobby).await?;
                Ok(SignedIn { user, token: Some(token) })
            }
        }
    }
}

struct SignOut {
    user: UserId,
}

impl Command for SignOut {
    type Reply = ();

    async fn run(&self, change: &mut Change<'_>) -> Result<(), Refusal> {
        let gone = || Refusal::fault(FaultCode::NotSignedIn, "Nobody is signed in here.");
        let user = users::get(change.conn, self.user).await?.ok_or_else(gone)?;
        for room in members::rooms_of(change.conn, user.id).await? {
            write_notice(change, room, &user, Body::Left).await?;
            members::delete(change.conn, room, user.id).await?;
            change.effects.subscribe(Subscription::Leave { user: user.id, room });
            change.effects.notice(Notice::MemberLeft(MemberLeft { room, user: user.id }));
        }
        sessions::delete_of(change.conn, user.id).await?;
        users::release_name(change.conn, user.id).await?;
        change.effects.end(user.id);
        Ok(())
    }
}

/// Notes that a person was there now, which keeps their name theirs for a while.
pub(super) struct Touch {
    pub(super) user: UserId,
}

impl Command for Touch {
    type Reply = ();

    async fn run(&self, change: &mut Change<'_>) -> Result<(), Refusal> {
        Ok(users::touch(change.conn, self.user, change.now).await?)
    }
}
