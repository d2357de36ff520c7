//! Someone who is connected, and what they do.

use std::sync::Arc;

use madang_common::{
    fault::Fault,
    id::{RoomId, UserId},
};

use super::{Address, Kind, Limits, Place, Subject};

/// Someone on one connection: what they do counts against them and against where they come from. A cheap handle; with
/// the last of a connection, its place is given back.
#[derive(Clone)]
pub(crate) struct Caller(Arc<Inner>);

struct Inner {
    limits: Limits,
    subject: Subject,
    address: Option<Address>,
    _place: Option<Place>,
}

impl Caller {
    /// A connection that speaks for a person.
    ///
    /// # Errors
    /// `TooOften` when the person has too many of them.
    pub(crate) fn of_user(limits: &Limits, user: UserId, address: Option<Address>) -> Result<Self, Fault> {
        let place = Some(limits.socket(user)?);
        let subject = Subject::User(user);
        Ok(Self(Arc::new(Inner { limits: limits.clone(), subject, address, _place: place })))
    }

    /// A connection that speaks for itself.
    pub(crate) fn of_guest(limits: &Limits, subject: Subject, address: Option<Address>) -> Self {
        Self(Arc::new(Inner { limits: limits.clone(), subject, address, _place: None }))
    }

    /// Whether they may do something once more.
    ///
    /// # Errors
    /// `TooOften`.
    pub(crate) fn may(&self, kind: Kind, room: Option<RoomId>) -> Result<(), Fault> {
        let Inner { limits, subject, address, .. } = &*self.0;
        limits.check(kind, Some(*subject), *address, room)
    }
}
