//! Session expiry: sessions in use are prolonged, expired ones are removed.
//!
//! Whether a session stands is a comparison, made whenever it is asked for (`store/sessions.rs`); nothing depends on what
//! is done here in time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use madang_common::time::UnixMillis;
use tokio::time::sleep;

use crate::{
    chat::{
        Chat,
        commit::{Change, Command},
    },
    error::Refusal,
    secret::TokenHash,
    store::{
        lifetime::{Standing, before},
        sessions,
    },
};

/// How often all of it is done, and how exactly it is known when a session was seen.
pub(crate) const PERIOD: Duration = Duration::from_secs(60 * 60);
/// Sessions in one command: everyone waits for it.
const BATCH: usize = 50;
/// How long a session that was not seen for too long is still kept. A clock that is wrong for a while signs people out;
/// once it is right they are back.
const MARGIN: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The sessions that sockets are open for; a cheap handle.
#[derive(Clone, Default)]
pub(crate) struct InUse(Arc<Mutex<HashMap<TokenHash, usize>>>);

/// One socket's use of its session, until it is dropped.
pub(crate) struct Use {
    all: InUse,
    token: TokenHash,
}

impl InUse {
    /// A socket uses a session.
    pub(crate) fn begin(&self, token: TokenHash) -> Use {
        *self.counts().entry(token.clone()).or_default() += 1;
        Use { all: self.clone(), token }
    }

    fn tokens(&self) -> Vec<TokenHash> {
        self.counts().keys().cloned().collect()
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<TokenHash, usize>> {
        // It is whole after each single step, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Use {
    fn drop(&mut self) {
        let mut counts = self.all.counts();
        if let Some(count) = counts.get_mut(&self.token) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.token);
            }
        }
    }
}

/// Does it again and again, for as long as it is polled.
pub(crate) async fn keep_up(chat: Chat) {
    let mut upkeep = Upkeep::default();
    loop {
        sleep(PERIOD).await;
        if let Err(refusal) = upkeep.step(&chat).await {
            refusal.into_fault("looking after the sessions");
        }
    }
}

/// What is remembered from one time to the next.
#[derive(Default)]
pub(crate) struct Upkeep {
    earlier: Option<UnixMillis>,
}

impl Upkeep {
    /// Notes that the sessions in use were seen, then forgets those that are long over.
    ///
    /// # Errors
    /// [`Refusal::NotCommitted`].
    pub(crate) async fn step(&mut self, chat: &Chat) -> Result<(), Refusal> {
        for tokens in chat.0.in_use.tokens().chunks(BATCH) {
            chat.see(tokens.to_vec()).await?;
        }
        let now = chat.0.parts.clock.now();
        // A clock that is ahead for a moment, whatever the reason, is not believed: by two readings, an hour apart, the
        // session must be over.
        let Some(earlier) = self.earlier.replace(now) else { return Ok(()) };
        let unseen_since = before(before(UnixMillis(earlier.0.min(now.0)), chat.0.parts.lifetime.idle), MARGIN);
        while chat.0.parts.committer.commit(Forget { unseen_since }).await? == BATCH {}
        Ok(())
    }
}

impl Chat {
    /// Notes that sessions were seen now.
    ///
    /// # Errors
    /// [`Refusal::NotCommitted`].
    pub(crate) async fn see(&self, tokens: Vec<TokenHash>) -> Result<(), Refusal> {
        let standing = self.0.parts.lifetime.at(self.0.parts.clock.now());
        self.0.parts.committer.commit(See { tokens, standing }).await
    }

    /// Notes that a session was seen, unless that has been noted of late. What is to be read is to be read also when
    /// nothing can be written, so that it failed is nobody's trouble.
    pub(crate) async fn see_again(&self, token: &TokenHash, seen_at: UnixMillis) {
        // Also when it was seen in the future, as a clock that was set back tells.
        let since = self.0.parts.clock.now().0.abs_diff(seen_at.0);
        if u128::from(since) > PERIOD.as_millis()
            && let Err(error) = self.see(vec![token.clone()]).await
        {
            tracing::debug!(%error, "noting when a session was last seen");
        }
    }
}

pub(crate) struct See {
    pub(crate) tokens: Vec<TokenHash>,
    pub(crate) standing: Standing,
}

impl Command for See {
    type Reply = ();

    async fn run(&self, change: &mut Change<'_>) -> Result<(), Refusal> {
        for token in &self.tokens {
            sessions::see(change.conn, token, self.standing, change.now).await?;
        }
        Ok(())
    }
}

pub(crate) struct Forget {
    pub(crate) unseen_since: UnixMillis,
}

impl Command for Forget {
    type Reply = usize;

    async fn run(&self, change: &mut Change<'_>) -> Result<usize, Refusal> {
        Ok(sessions::forget(change.conn, self.unseen_since, BATCH).await?)
    }
}

#[cfg(test)]
#[path = "session_upkeep_tests.rs"]
mod tests;
