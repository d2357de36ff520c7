//! A connected client, as rate limits see it.

use std::sync::Arc;

use madang_common::{
    fault::Fault,
    id::{RoomId, UserId},
};

use tokio::time::sleep;

use super::{Address, Kind, Limits, Place, Session, Share, Subject};

/// Someone on one connection: what they do counts against them and against where they come from. A cheap handle; with
/// the last of a connection, its place is given back.
#[derive(Clone)]
pub(crate) struct Caller(Arc<Inner>);

struct Inner {
    limits: Limits,
    subject: Subject,
    address: Option<Address>,
    _place: Held,
}

/// A place that is kept.
enum Held {
    Person(#[expect(dead_code, reason = "it is given back when it is dropped")] Place),
    Guest(#[expect(dead_code, reason = "it is given back when it is dropped")] Share),
}

impl Caller {
    /// A connection that speaks for a person.
    ///
    /// # Errors
    /// `TooOften` when the person has too many of them.
    pub(crate) fn of_user(limits: &Limits, user: UserId, address: Option<Address>) -> Result<Self, Fault> {
        Ok(Self::holding(Held::Person(limits.socket(user)?), limits, Subject::User(user), address))
    }

    /// A connection that speaks for itself. Its session is closed when others, who hold less, need its place.
    ///
    /// # Errors
    /// `TooOften` when there are too many of them.
    pub(crate) fn of_guest(
        limits: &Limits,
        subject: Subject,
        address: Option<Address>,
        session: Option<&Session>,
    ) -> Result<Self, Fault> {
        let session = session.cloned();
        let place = limits.guest(address, move || session.iter().for_each(Session::close))?;
        Ok(Self::holding(Held::Guest(place), limits, subject, address))
    }

    fn holding(place: Held, limits: &Limits, subject: Subject, address: Option<Address>) -> Self {
        Self(Arc::new(Inner { limits: limits.clone(), subject, address, _place: place }))
    }

    /// Whether they may do something once more.
    ///
    /// # Errors
    /// `TooOften`.
    pub(crate) fn may(&self, kind: Kind, room: Option<RoomId>) -> Result<(), Fault> {
        let Inner { limits, subject, address, .. } = &*self.0;
        limits.check(kind, Some(*subject), *address, room)
    }

    /// Whether so many bytes more may be stored for them.
    ///
    /// # Errors
    /// `TooOften`.
    pub(crate) fn may_store(&self, bytes: usize) -> Result<(), Fault> {
        let Inner { limits, subject, address, .. } = &*self.0;
        limits.store(Some(*subject), *address, bytes)
    }

    /// Whether so many bytes more may be sent to others.
    ///
    /// # Errors
    /// `TooOften`.
    pub(crate) fn may_send(&self, kind: Kind, bytes: usize) -> Result<(), Fault> {
        let Inner { limits, subject, address, .. } = &*self.0;
        limits.count(kind, Some(*subject), *address, bytes).map_err(Limits::too_many_bytes)
    }

    /// Waits until so many bytes more may be answered.
    pub(crate) async fn may_hear(&self, kind: Kind, bytes: usize) {
        let Inner { limits, subject, address, .. } = &*self.0;
        while let Err(wait) = limits.count(kind, Some(*subject), *address, bytes) {
            sleep(wait).await;
        }
    }
}
