//! Session lookup: which user a cookie's token belongs to, as pages and forms ask.

use madang_common::user::UserView;

use super::Touch;
use crate::{chat::Chat, error::Refusal, secret::TokenHash, store::sessions};

/// After how long a person's being there is noted again, in milliseconds.
const TOUCH_AFTER_MS: u64 = 60_000;

/// What stands behind a cookie.
#[derive(Clone, Debug)]
pub enum CurrentSession {
    /// A person with their name.
    SignedIn(UserView),
    /// A person who was away for so long that their name was given to another. A new name brings them back.
    Nameless(UserView),
    /// Nobody.
    None,
}

impl Chat {
    /// Whom the token speaks for. That they were there is noted.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub async fn session(&self, token: &TokenHash) -> Result<CurrentSession, Refusal> {
        let standing = self.0.parts.lifetime.at(self.0.parts.clock.now());
        let session = sessions::get(&mut *self.0.parts.store.read().await?, token, standing).await?;
        let Some(session) = session else { return Ok(CurrentSession::None) };
        self.see_again(token, session.session_seen_at).await;
        if !session.holds_name {
            return Ok(CurrentSession::Nameless(session.user));
        }
        // In either direction, for the clock may have been set back.
        if self.0.parts.clock.now().0.abs_diff(session.seen_at.0) > TOUCH_AFTER_MS {
            // The name may be given away a little too early; a page is to be read also when nothing can be written.
            if let Err(error) = self.0.parts.committer.commit(Touch { user: session.user.id }).await {
                tracing::debug!(%error, "noting when a person was last seen");
            }
        }
        Ok(CurrentSession::SignedIn(session.user))
    }
}
