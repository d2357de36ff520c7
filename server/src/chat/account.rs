//! Accounts: signing in under a name.

use std::time::Duration;

use madang_common::{id::UserId, text::UserName, time::UnixMillis, user::UserView};

use super::{
    Chat,
    commit::{Change, Command},
    no_such_room,
    presence::arrivals,
    room::enter_room,
};
use crate::{
    error::Refusal,
    names::Likeness,
    secret::{Token, TokenHash},
    store::{
        joins::{self, Span},
        rooms, sessions, users,
    },
};

pub(crate) mod name;
pub(crate) mod session;
#[cfg(test)]
mod session_tests;
pub(crate) mod session_upkeep;
pub(crate) mod sign_out;

/// For how long after a form was sent the same form is the same person. A double click takes less than a second, and a
/// browser that sends again on a bad line some more.
const SAME_FORM: Duration = Duration::from_secs(120);

/// Who has joined, and the token of the new session, if there was none to keep.
pub struct SignedIn {
    /// The person.
    pub user: UserView,
    /// What the browser is to hold from now on.
    pub token: Option<Token>,
    /// Whether the person was there before, under another name.
    renamed: bool,
}

impl Chat {
    /// Joins Madang under a name. A session that stands is kept: with a name, nothing changes; one whose name was
    /// given away takes the new name and stays the same person. `form` is the hash of the key of the form that was sent:
    /// the same form with the same name, sent again a moment later, is the same person, with one more session.
    ///
    /// # Errors
    /// `NameTaken`.
    pub async fn sign_in(
        &self,
        session: Option<TokenHash>,
        form: Option<TokenHash>,
        name: UserName,
    ) -> Result<SignedIn, Refusal> {
        let signed_in = self.0.parts.committer.commit(SignIn { chat: self.clone(), session, form, name }).await?;
        if signed_in.renamed
            && let Err(error) = arrivals::tell_renamed(self, &signed_in.user).await
        {
            // They have joined all the same; who opens a room reads the new name.
            tracing::error!(%error, "telling that a person has another name");
        }
        Ok(signed_in)
    }
}

pub(super) struct SignIn {
    pub(super) chat: Chat,
    pub(super) session: Option<TokenHash>,
    pub(super) form: Option<TokenHash>,
    pub(super) name: UserName,
}

impl Command for SignIn {
    type Reply = SignedIn;
    const GROWS: bool = true;

    async fn run(&self, change: &mut Change<'_>) -> Result<SignedIn, Refusal> {
        let known = match &self.session {
            Some(token) => sessions::get(change.conn, token, self.chat.0.parts.lifetime.at(change.now)).await?,
            None => None,
        };
        match known {
            Some(known) if known.holds_name => Ok(SignedIn { user: known.user, token: None, renamed: false }),
            Some(known) => {
                let id = known.user.id;
                self.chat.free_name(change, &self.name, Some(id)).await?;
                users::rename(change.conn, id, &self.name).await?;
                users::touch(change.conn, id, change.now).await?;
                let user = UserView { id, name: self.name.clone(), outside: false };
                Ok(SignedIn { user, token: None, renamed: true })
            }
            None => self.join(change).await,
        }
    }
}

impl SignIn {
    /// Joins without a session.
    async fn join(&self, change: &mut Change<'_>) -> Result<SignedIn, Refusal> {
        let long_ago = change.now.0.saturating_sub(i64::try_from(SAME_FORM.as_millis()).unwrap_or(i64::MAX));
        let valid = Span { from: UnixMillis(long_ago), to: change.now };
        // A double click sends the form twice at once, and the browser goes by the second answer.
        if let Some(form) = &self.form
            && let Some(user) = joins::get(change.conn, form, &Likeness::of(self.name.as_str()), valid).await?
        {
            return self.open_session(change, user).await;
        }
        self.chat.free_name(change, &self.name, None).await?;
        let lobby = rooms::get(change.conn, change.lobby).await?.ok_or_else(no_such_room)?;
        let id = users::insert(change.conn, &self.name, change.now).await?;
        if let Some(form) = &self.form {
            joins::insert(change.conn, form, id, valid).await?;
        }
        let user = UserView { id, name: self.name.clone(), outside: false };
        let signed_in = self.open_session(change, user).await?;
        enter_room(change, &signed_in.user, lobby).await?;
        Ok(signed_in)
    }

    async fn open_session(&self, change: &mut Change<'_>, user: UserView) -> Result<SignedIn, Refusal> {
        let token = Token::random();
        sessions::insert(change.conn, &token.hash(), user.id, change.now).await?;
        Ok(SignedIn { user, token: Some(token), renamed: false })
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
