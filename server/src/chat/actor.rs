//! The actor: the user that a socket speaks for.

use std::sync::Arc;

use madang_common::{id::UserId, time::UnixMillis};

use super::{account::session_upkeep::Use, not_signed_in, presence::PresenceGuard};
use crate::error::Refusal;

/// The person a socket speaks for, while the session stands; a cheap handle. The last handle of a socket to go takes
/// the person's presence there with it.
#[derive(Clone)]
pub(crate) struct Actor(Arc<Inner>);

struct Inner {
    here: PresenceGuard,
    seen_at: UnixMillis,
    _session: Use,
}

impl Actor {
    /// Someone on a socket. Their session was last seen at that time, and is in use from now on.
    pub(super) fn new(here: PresenceGuard, seen_at: UnixMillis, session: Use) -> Self {
        Self(Arc::new(Inner { here, seen_at, _session: session }))
    }

    /// When the session had been seen before the socket came.
    pub(super) fn seen_at(&self) -> UnixMillis {
        self.0.seen_at
    }

    /// The acting user.
    ///
    /// # Errors
    /// `NotSignedIn` when the session has ended meanwhile.
    pub(crate) fn user(&self) -> Result<UserId, Refusal> {
        if self.0.here.ended() { Err(not_signed_in()) } else { Ok(self.0.here.user()) }
    }

    /// The socket's place in what is kept per socket, such as who is typing.
    pub(crate) fn here(&self) -> &PresenceGuard {
        &self.0.here
    }
}
