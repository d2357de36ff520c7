//! The rules: who may do what. Each takes the acting user; there is no second door to data.
//!
//! What only reads is in [`reading`]. What changes anything is a [`commit::Command`], which checks its rule in the
//! transaction that stores the change.

use std::{hash::RandomState, sync::Arc, time::Duration};

use madang_common::{
    fault::FaultCode,
    id::{RoomId, UserId},
    user::UserView,
};
use sqlx::SqliteConnection;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use crate::{
    clock::Clock,
    disk::Disk,
    error::Refusal,
    publish::{Backlog, Publisher},
    store::{
        Store,
        lifetime::SessionLifetime,
        members::{self, MemberRecord},
        rooms as stored_rooms, users,
    },
};

mod account;
mod actor;
mod commit;
mod connection;
#[cfg(test)]
mod cost_tests;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod growth_tests;
pub(crate) mod guest;
#[cfg(test)]
mod guest_tests;
mod message;
mod presence;
mod queries;
mod read_marker;
mod resync;
mod retention;
mod room;
mod shutdown;
mod subscription;
mod typing;

pub use self::account::{SignedIn, session::CurrentSession};
pub(crate) use self::{
    actor::Actor,
    commit::{Committer, committer},
    presence::Presence,
    retention::Schedule,
    subscription::Subscriber,
    typing::Typing,
};

/// The chat, as handlers and pages use it: a cheap handle.
#[derive(Clone)]
pub struct Chat(Arc<Inner>);

struct Inner {
    parts: Parts,
    in_use: account::session_upkeep::InUse,
    underway: TaskTracker,
    /// Nobody can have been seen while there was no server, so absence counts from here. A point of [`Clock::elapsed`].
    started: Duration,
    /// By what guests get numbers that nobody can tell beforehand.
    guest_numbers: RandomState,
}

/// What a chat is made of.
pub(crate) struct Parts {
    pub(crate) committer: Committer,
    pub(crate) store: Store,
    pub(crate) publisher: Publisher,
    pub(crate) presence: Presence,
    pub(crate) typing: Typing,
    pub(crate) clock: Clock,
    /// How long an absent person's name stays theirs.
    pub(crate) name_hold: Duration,
    /// How many rooms there may be.
    pub(crate) most_rooms: u32,
    /// Whether the disk is nearly full.
    pub(crate) disk: Disk,
    /// When what is removed.
    pub(crate) schedule: Schedule,
    /// How long sessions stand.
    pub(crate) lifetime: SessionLifetime,
}

impl Chat {
    /// The chat, with the tasks that belong to it: who comes and goes is told, and sockets that could not keep up are
    /// brought back. `tasks` ends with the chat's server.
    pub(crate) fn start(parts: Parts, backlog: Backlog) -> (Self, impl Future<Output = ()> + Send) {
        let schedule = parts.schedule;
        let inner = Inner {
            started: parts.clock.elapsed(),
            parts,
            in_use: account::session_upkeep::InUse::default(),
            underway: TaskTracker::new(),
            guest_numbers: RandomState::new(),
        };
        let chat = Self(Arc::new(inner));
        let tasks = {
            let (chat, resync, clean, upkeep) = (chat.clone(), chat.clone(), chat.clone(), chat.clone());
            let Backlog { lagging, said } = backlog;
            async move {
                // Hundreds may be told of each message, which the others don't wait for either.
                let publisher = chat.0.parts.publisher.clone();
                let telling = AbortOnDropHandle::new(tokio::spawn(publisher.tell_outsiders(said)));
                tokio::join!(
                    presence::arrivals::tell(chat),
                    resync::bring_back(resync, lagging),
                    retention::clean(clean, schedule),
                    account::session_upkeep::keep_up(upkeep),
                    async { telling.await.expect("those outside are told without a panic") }
                );
            }
        };
        (chat, tasks)
    }

    /// Whether the disk is nearly full, so that nothing new is stored.
    #[must_use]
    pub fn disk_is_low(&self) -> bool {
        self.0.parts.disk.is_low()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub async fn ping(&self) -> Result<(), Refusal> {
        Ok(self.0.parts.store.ping().await?)
    }

    /// Whether what people change is stored.
    ///
    /// # Errors
    /// [`Refusal::NotCommitted`].
    pub(crate) async fn probe_writer(&self) -> Result<(), Refusal> {
        self.0.parts.committer.probe().await
    }
}

/// The membership without which a rule does nothing, of a person whose session stands.
///
/// # Errors
/// [`FaultCode::NotSignedIn`]; [`FaultCode::NotFound`] when there is no such room; [`FaultCode::NotAMember`].
async fn require_member(conn: &mut SqliteConnection, room: RoomId, user: UserId) -> Result<MemberRecord, Refusal> {
    if let Some(member) = members::get(conn, room, user).await? {
        return Ok(member);
    }
    require_session(conn, user).await?;
    Err(match stored_rooms::get(conn, room).await? {
        Some(_) => Refusal::fault(FaultCode::NotAMember, "Only members of the room may do this."),
        None => no_such_room(),
    })
}

/// The person, whose session stands and whose name is theirs. A command asks in its own transaction: the session may have
/// ended while it waited.
///
/// # Errors
/// [`FaultCode::NotSignedIn`].
async fn require_session(conn: &mut SqliteConnection, user: UserId) -> Result<UserView, Refusal> {
    users::signed_in(conn, user).await?.ok_or_else(not_signed_in)
}

fn no_such_room() -> Refusal {
    Refusal::fault(FaultCode::NotFound, "There is no such room.")
}

fn not_signed_in() -> Refusal {
    Refusal::fault(FaultCode::NotSignedIn, "Nobody is signed in here. Please join again.")
}
