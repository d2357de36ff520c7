//! Rate limits, and limits on how much of the server one client may hold.
//!
//! [`Limits::check`] asks whether something may be done once more; [`kind`] is the table of what and how often. What
//! may not is refused with `too_often` before any of it is done. [`Places`], [`Connections`], [`Sessions`] and [`Pages`] count
//! what is held: connections, sockets, bytes. All of it is known to this process alone, and lost with it.

use std::{hash::Hash, num::NonZeroU32, sync::Arc, time::Duration};

use madang_common::{
    fault::{Fault, FaultCode},
    id::{RoomId, UserId},
};
use socketioxide::socket::Sid;
use tokio_util::sync::CancellationToken;

use crate::{clock::Clock, config::Config};

mod address;
mod bucket;
mod caller;
mod connections;
mod crowd;
mod gauge;
mod kind;
mod pacer;
mod pages;
mod places;
mod refusals;
mod renders;
mod sessions;
mod shares;
pub(crate) mod stored;
#[cfg(test)]
mod tests;
mod waiting;

pub(crate) use self::{
    address::{Address, Peer},
    caller::Caller,
    connections::{Connection, Link},
    gauge::Gauge,
    kind::Kind,
    pages::HeldPage,
    places::{Place, Places},
    renders::Rendering,
    sessions::{Patience, Session},
    shares::{Share, Shares},
};
use address::Network;
use bucket::Bucket;
use connections::Connections;
use pacer::Pacer;
use pages::{Pace, Pages};
use refusals::Refusals;
use renders::Renders;
use sessions::Sessions;

/// Sockets that one person may have open at a time: tabs, devices, and those whose end has not been noticed yet.
const SOCKETS_PER_USER: usize = 64;
/// Connections of one person that count as signed in: the sockets, and what a browser fetches pages with besides.
const SIGNED_IN_CONNECTIONS: usize = 2 * SOCKETS_PER_USER;
/// Bytes of requests' bodies that may be on their way, from all addresses together and from one.
const BODY_BYTES: (usize, usize) = (16 << 20, 2 << 20);
/// Bytes of pages that may wait until their clients take them in, for all addresses together and for one.
const PAGE_BYTES: (usize, usize) = (64 << 20, 16 << 20);
/// When to try again where nobody knows when a place will be free.
const PLACE_AGAIN_IN: Duration = Duration::from_secs(10);

/// The limits; a cheap handle.
#[derive(Clone)]
pub(crate) struct Limits(Arc<Inner>);

struct Inner {
    /// In the order of [`Kind::ALL`]; none where there are no limits.
    rates: Vec<Buckets>,
    /// None where there are no limits.
    inflow: Option<(Pacer<Address>, Pacer<Network>)>,
    connections: Connections,
    sessions: Sessions,
    guests: Shares,
    sockets: Places<UserId>,
    bodies: Shares,
    pages: Pages,
    refused: Refusals,
    renders: Renders,
}

/// What is counted for one kind.
struct Buckets {
    subject: Option<Bucket<Subject>>,
    room: Option<Bucket<RoomId>>,
    address: Option<Bucket<Address>>,
    network: Option<Bucket<Network>>,
    all: Option<Bucket<()>>,
}

/// Whom something is counted against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    /// A person, on whatever connection.
    User(UserId),
    /// A connection of Socket.IO.
    Socket(Sid),
    /// A plain WebSocket.
    Plain(u64),
}

impl Buckets {
    fn new(rates: kind::Rates, factor: f64, clock: &Clock) -> Self {
        fn bucket<K: Hash + Eq + Clone>(rate: Option<kind::Rate>, factor: f64, clock: &Clock) -> Option<Bucket<K>> {
            rate.map(|rate| Bucket::new(rate.times(factor), clock))
        }
        Self {
            subject: bucket(rates.subject, factor, clock),
            room: bucket(rates.room, factor, clock),
            address: bucket(rates.address, factor, clock),
            network: bucket(rates.network(), factor, clock),
            all: bucket(rates.all, factor, clock),
        }
    }
}

impl Limits {
    pub(crate) fn new(config: &Config) -> Self {
        let rates = config.limits.factor().map_or_else(Vec::new, |factor| {
            Kind::ALL.iter().map(|kind| Buckets::new(kind.rates(), factor, &config.clock)).collect()
        });
        let inflow = config.limits.factor().and_then(|factor| {
            let rates = Kind::Inflow.rates();
            let (address, network) = (rates.address?.times(factor), rates.network()?.times(factor));
            Some((Pacer::new(address, &config.clock), Pacer::new(network, &config.clock)))
        });
        // Whoever lifts the limits still has only so much memory.
        let (per_address, per_user, protected) = match config.limits.factor() {
            Some(_) => (config.connections_per_address, SOCKETS_PER_USER, SIGNED_IN_CONNECTIONS),
            None => (usize::MAX, usize::MAX, usize::MAX),
        };
        Self(Arc::new(Inner {
            rates,
            inflow,
            // By the machine's clock, as all that sockets wait for; a test's own clock is for what people do.
            connections: Connections::new(config.connections, per_address, protected, Clock::system()),
            sessions: Sessions::new(config.connections.div_ceil(2), per_address.div_ceil(2), Clock::system()),
            guests: Shares::new(config.connections.div_ceil(8), per_address.div_ceil(8)),
            sockets: Places::new(usize::MAX, per_user),
            bodies: Shares::new(BODY_BYTES.0, BODY_BYTES.1),
            pages: Pages::new(Shares::new(PAGE_BYTES.0, PAGE_BYTES.1), Pace::of(&config.deadlines)),
            refused: Refusals::new(&config.clock),
            renders: Renders::new(config.deadlines.render),
        }))
    }

    /// Whether something of this kind may be done once more.
    ///
    /// # Errors
    /// `TooOften`, with the time to wait.
    pub(crate) fn check(
        &self,
        kind: Kind,
        subject: Option<Subject>,
        address: Option<Address>,
        room: Option<RoomId>,
    ) -> Result<(), Fault> {
        let Some(buckets) = self.0.rates.get(kind as usize) else { return Ok(()) };
        // The narrowest first: who is refused takes nothing away from the others.
        bucket::check(&buckets.subject, subject.as_ref())
            .and_then(|()| bucket::check(&buckets.address, address.as_ref()))
            .and_then(|()| bucket::check(&buckets.network, address.and_then(Address::wider).as_ref()))
            .and_then(|()| bucket::check(&buckets.room, room.as_ref()))
            .and_then(|()| bucket::check(&buckets.all, Some(&())))
            .map_err(|wait| too_often("That was a lot at once.", wait))
    }

    /// A place for a new connection, whatever it will be used for. An idle one may lose its own for it.
    pub(crate) fn connection(&self, address: Option<Address>) -> Option<Connection> {
        self.check(Kind::Connection, None, address, None).ok()?;
        self.0.connections.open(address)
    }

    /// A place for a session: one of Engine.IO, which may outlive its connections, or a plain WebSocket. There are half
    /// as many as connections: a page that loads has several of those for a moment, and an unfinished message takes more
    /// memory than anything else that a client can leave behind.
    ///
    /// # Errors
    /// `TooOften`.
    pub(crate) fn session(&self, address: Option<Address>) -> Result<Session, Fault> {
        self.0.sessions.begin(address).ok_or_else(|| too_often("Too many connections are open.", PLACE_AGAIN_IN))
    }

    /// The sessions that are open.
    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    /// Cuts WebSockets on which nothing has come for so long.
    pub(crate) fn cut_silent(&self, patience: Duration) {
        self.0.connections.cut_silent(patience);
    }

    /// What is held now.
    pub(crate) fn gauge(&self) -> Gauge {
        let Inner { connections, sessions, guests, .. } = &*self.0;
        let (open, signed_in) = connections.held();
        Gauge {
            connections: (open, connections.most()),
            signed_in,
            sessions: sessions.held(),
            guests: (guests.held_by_all(), guests.most()),
        }
    }

    /// Whether an ordinary newcomer, from an address that holds nothing, gets a connection and a session.
    ///
    /// # Errors
    /// What there is no place for, in a sentence.
    pub(crate) fn newcomer(&self) -> Result<(), &'static str> {
        if !self.0.connections.has_place() {
            return Err("there is no place for another connection");
        }
        if !self.0.sessions.has_place() {
            return Err("there is no place for another session");
        }
        Ok(())
    }

    /// A place for a socket outside. Each of them hears everything that is said in the lobby, in a copy of its own, so
    /// there are fewer of them than of other sessions. `lose` is called when another gets it.
    ///
    /// # Errors
    /// `TooOften`.
    pub(crate) fn guest(
        &self,
        address: Option<Address>,
        lose: impl FnOnce() + Send + 'static,
    ) -> Result<Share, Fault> {
        self.0.guests.take(address, 1, lose).map_err(|_| too_often("Too many connections are open.", PLACE_AGAIN_IN))
    }

    /// A place for a socket that speaks for a person.
    ///
    /// # Errors
    /// `TooOften`.
    pub(crate) fn socket(&self, user: UserId) -> Result<Place, Fault> {
        let sentence = "Too many connections of yours are open.";
        self.0.sockets.take(Some(user), 1).map_err(|_| too_often(sentence, PLACE_AGAIN_IN))
    }

    /// Counts bytes that were read, and tells how long to wait before more are read.
    pub(crate) fn read(&self, address: Option<Address>, bytes: usize) -> Duration {
        let (Some((of_address, of_network)), Some(address)) = (&self.0.inflow, address) else {
            return Duration::ZERO;
        };
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let wait = of_address.count(address, bytes);
        address.wider().map_or(wait, |network| wait.max(of_network.count(network, bytes)))
    }

    /// Counts bytes of a kind, going out.
    ///
    /// # Errors
    /// How long to wait before they are counted again, and there may be more of them.
    pub(crate) fn count(
        &self,
        kind: Kind,
        subject: Option<Subject>,
        address: Option<Address>,
        bytes: usize,
    ) -> Result<(), Duration> {
        let Some(buckets) = self.0.rates.get(kind as usize) else { return Ok(()) };
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let Some(bytes) = NonZeroU32::new(bytes) else { return Ok(()) };
        bucket::check_many(&buckets.subject, subject.as_ref(), bytes)?;
        bucket::check_many(&buckets.address, address.as_ref(), bytes)?;
        bucket::check_many(&buckets.network, address.and_then(Address::wider).as_ref(), bytes)
    }

    /// Whether so many bytes more may be stored.
    ///
    /// # Errors
    /// `TooOften`, with the time to wait.
    pub(crate) fn store(
        &self,
        subject: Option<Subject>,
        address: Option<Address>,
        bytes: usize,
    ) -> Result<(), Fault> {
        self.count(Kind::Store, subject, address, bytes)
            .and_then(|()| {
                match (self.0.rates.get(Kind::Store as usize), u32::try_from(bytes).ok().and_then(NonZeroU32::new)) {
                    (Some(buckets), Some(bytes)) => bucket::check_many(&buckets.all, Some(&()), bytes),
                    _ => Ok(()),
                }
            })
            .map_err(|wait| too_often("That was a lot to store.", wait))
    }

    /// The refusal of what has too many bytes, where it cannot be sent later.
    pub(crate) fn too_many_bytes(wait: Duration) -> Fault {
        too_often("That was a lot to send.", wait)
    }

    /// A place for the body of a request while it comes in, and what is done when another gets it.
    pub(crate) fn body(&self, address: Option<Address>, bytes: usize) -> Option<(Share, impl Future<Output = ()>)> {
        let lost = CancellationToken::new();
        let share = self
            .0
            .bodies
            .take(address, bytes, {
                let lost = lost.clone();
                move || lost.cancel()
            })
            .ok()?;
        Some((share, lost.cancelled_owned()))
    }
}

/// The refusal of something that is done too often, with a sentence that says what.
fn too_often(sentence: &str, wait: Duration) -> Fault {
    // Rounded up: who asks again at that time is not to be too early by less than a millisecond.
    let millis = u32::try_from(wait.as_nanos().div_ceil(1_000_000)).unwrap_or(u32::MAX);
    let seconds = millis.div_ceil(1_000);
    let unit = if seconds == 1 { "second" } else { "seconds" };
    Fault::new(FaultCode::TooOften, format!("{sentence} Please try again in {seconds} {unit}.")).again_in(millis)
}
