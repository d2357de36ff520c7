//! Who a socket speaks for.

use std::sync::Arc;

use madang_common::id::UserId;

use super::{not_signed_in, presence::Here};
use crate::error::Refusal;

/// The person a socket speaks for, while the session stands; a cheap handle. The last handle of a socket to go takes
/// the person's presence there with it.
#[derive(Clone)]
pub(crate) struct Actor(Arc<Here>);

impl Actor {
    pub(super) fn new(here: Here) -> Self {
        Self(Arc::new(here))
    }

    /// The acting user.
    ///
    /// # Errors
    /// `NotSignedIn` when the session has ended meanwhile.
    pub(crate) fn user(&self) -> Result<UserId, Refusal> {
        if self.0.ended() { Err(not_signed_in()) } else { Ok(self.0.user()) }
    }

    /// The socket's place in what is kept per socket, such as who is typing.
    pub(crate) fn here(&self) -> &Here {
        &self.0
    }
}
