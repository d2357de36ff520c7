//! Connection limits: how many each address holds, and which one is closed for a newcomer when all are taken.
//!
//! A connection is an ordinary one until it has presented a valid session. Ordinary ones never hold all places, and when
//! theirs are taken, one that is idle is closed for the newcomer: whoever opens thousands of connections and lets them lie
//! about shuts nobody out. But anyone can sign in, and keep connections busy. So when all places are taken and none is
//! idle, the network that holds most gives way to whoever holds less: however many somebody fills, nobody else is shut out.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use madang_common::id::UserId;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use super::{
    Address, Place, Places,
    crowd::{Bounds, Crowd},
    places::Full,
    waiting::WaitingBytes,
};
use crate::clock::Clock;

/// Of so many places one is kept for connections that are signed in.
const RESERVED: usize = 4;
/// How long a connection must have been idle to give way to another of its own address, in milliseconds. Without that, who
/// has taken all that an address may have could begin new ones as fast as they can, and each leaves work behind.
const IDLE_MS: u64 = 2_000;

/// The connections that are open; a cheap handle.
#[derive(Clone)]
pub(crate) struct Connections(Arc<Inner>);

struct Inner {
    bounds: Bounds,
    /// Most connections that are not signed in.
    most_ordinary: usize,
    /// Connections of one person that count as signed in: else one session would protect any number of them.
    protected: Places<UserId>,
    clock: Clock,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    next: u64,
    all: HashMap<u64, (Option<Address>, Link)>,
    crowd: Crowd,
}

/// A connection's place. It is given back when this is dropped, or taken for another connection before that.
pub(crate) struct Connection {
    id: u64,
    link: Link,
    connections: Weak<Inner>,
}

/// What is known of a connection, for the requests that come on it; a cheap handle that keeps no place.
#[derive(Clone)]
pub(crate) struct Link(Arc<State>);

struct State {
    clock: Clock,
    /// When it last did something useful, in milliseconds by the clock.
    used_at: AtomicU64,
    /// When something last came on it.
    heard_at: AtomicU64,
    /// Requests that are being answered.
    requests: AtomicUsize,
    is_web_socket: AtomicBool,
    /// What waits for the session that it carries as a WebSocket.
    waiting: OnceLock<WaitingBytes>,
    /// Bytes of pages that are on their way.
    page_bytes: AtomicUsize,
    /// Whom it speaks for, with a place among that person's protected connections.
    signed_in: Mutex<Option<(UserId, Place)>>,
    protected: Places<UserId>,
    cut: CancellationToken,
}

/// A request that is being answered; its connection does not give way meanwhile.
pub(crate) struct InFlight(Link);

impl Connections {
    pub(super) fn new(most: usize, most_of_one: usize, most_protected: usize, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            bounds: Bounds { all: most, address: most_of_one },
            most_ordinary: most - most / RESERVED,
            protected: Places::new(usize::MAX, most_protected),
            clock,
            open: Mutex::default(),
        }))
    }

    /// Takes a place for a connection from `address`, which is unknown for a proxy's. Another may lose its place for it.
    pub(super) fn open(&self, address: Option<Address>) -> Option<Connection> {
        let mut open = self.0.open();
        let bounds = self.0.bounds;
        let now = millis(self.0.clock.elapsed());
        let has_been_idle = |link: &Link| link.is_idle() && now.saturating_sub(link.used_at()) >= IDLE_MS;
        let taken = open.all.len();
        if let Err(full) = open.crowd.may_take(address, 1, bounds) {
            let losing = match full {
                Full::One => open.idlest(|of, link| of == address && has_been_idle(link)),
                Full::Network => {
                    let network = address.map(Address::network)?;
                    open.idlest(|of, link| network.has(of) && has_been_idle(link))
                }
                Full::All => open.losing(address, has_been_idle),
            };
            open.take_place_of(losing?);
        } else if taken >= self.0.most_ordinary && self.0.ordinary(taken) >= self.0.most_ordinary {
            // The last places are for who is signed in, which shows with the first request: where none gives way, the
            // newcomer is let in.
            if let Some(idle) = open.idle(address) {
                open.take_place_of(idle);
            }
        }
        let link = Link::new(self.0.clock.clone(), self.0.protected.clone());
        let id = open.next;
        open.next += 1;
        open.all.insert(id, (address, link.clone()));
        open.crowd.take(address, 1);
        Some(Connection { id, link, connections: Arc::downgrade(&self.0) })
    }

    /// Cuts WebSockets on which nothing has come for so long, whatever is spoken on them: each protocol has pings.
    pub(super) fn cut_silent(&self, patience: Duration) {
        let now = self.0.clock.elapsed();
        let silent = |link: &Link| {
            link.0.is_web_socket.load(Ordering::Relaxed) && now.saturating_sub(link.heard_at()) > patience
        };
        let silent: Vec<Link> =
            self.0.open().all.values().filter(|(_, link)| silent(link)).map(|(_, link)| link.clone()).collect();
        for link in silent {
            tracing::debug!("nothing has come on a WebSocket for too long");
            link.cut();
        }
    }

    /// How many are open, and how many of these are signed in.
    pub(super) fn held(&self) -> (usize, usize) {
        let taken = self.0.open().all.len();
        (taken, taken - self.0.ordinary(taken))
    }

    /// How many may be open.
    pub(super) fn most(&self) -> usize {
        self.0.bounds.all
    }

    /// Whether there is a place for a newcomer whose address holds none.
    pub(super) fn has_place(&self) -> bool {
        let open = self.0.open();
        open.all.len() < self.0.bounds.all || open.losing(None, |_| false).is_some()
    }
}

impl Inner {
    fn open(&self) -> MutexGuard<'_, Open> {
        // Nothing panics while it is held.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many of so many connections are not signed in.
    fn ordinary(&self, taken: usize) -> usize {
        // One that is just being closed may hold its place among them still.
        taken.saturating_sub(self.protected.held())
    }
}

impl Open {
    /// The connection that has not been used for longest, of those that are meant.
    fn idlest(&self, is_meant: impl Fn(Option<Address>, &Link) -> bool) -> Option<u64> {
        let meant = self.all.iter().filter(|(_, (address, link))| is_meant(*address, link));
        meant.min_by_key(|(id, (_, link))| (link.used_at(), **id)).map(|(id, _)| *id)
    }

    /// An idle connection for one from `address`: of the network that holds most, if it holds more, else of all.
    fn idle(&self, address: Option<Address>) -> Option<u64> {
        let fullest = self.crowd.fullest_beyond(address, 1);
        let of_fullest = fullest.and_then(|fullest| self.idlest(|of, link| fullest.has(of) && link.is_idle()));
        of_fullest.or_else(|| self.idlest(|_, link| link.is_idle()))
    }

    /// The connection that gives way to one from `address` when there is no place left. One that has only just come is
    /// spared where another can be found, else newcomers would keep each other out.
    fn losing(&self, address: Option<Address>, has_been_idle: impl Fn(&Link) -> bool) -> Option<u64> {
        let Some(fullest) = self.crowd.fullest_beyond(address, 1) else { return self.idle(address) };
        self.idlest(|of, link| fullest.has(of) && link.is_idle())
            .or_else(|| self.idlest(|_, link| has_been_idle(link)))
            .or_else(|| self.idlest(|of, link| fullest.has(of) && !link.is_answered()))
            .or_else(|| self.idlest(|of, _| fullest.has(of)))
    }

    /// Closes a connection for another.
    fn take_place_of(&mut self, id: u64) {
        let Some((_, link)) = self.remove(id) else { return };
        tracing::debug!("a connection is closed for another");
        link.cut();
    }

    fn remove(&mut self, id: u64) -> Option<(Option<Address>, Link)> {
        let (address, link) = self.all.remove(&id)?;
        self.crowd.give_back(address, 1);
        Some((address, link))
    }
}

impl Connection {
    /// What is known of it.
    pub(crate) fn link(&self) -> &Link {
        &self.link
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(connections) = self.connections.upgrade() {
            connections.open().remove(self.id);
        }
        // The Socket.IO server keeps a request, with its link, for as long as the session lasts. Cut first: nobody signs in
        // on it after that.
        self.link.cut();
        self.link.sign_out();
    }
}

impl Link {
    fn new(clock: Clock, protected: Places<UserId>) -> Self {
        let now = AtomicU64::new(millis(clock.elapsed()));
        Self(Arc::new(State {
            clock,
            heard_at: AtomicU64::new(now.load(Ordering::Relaxed)),
            used_at: now,
            requests: AtomicUsize::new(0),
            is_web_socket: AtomicBool::new(false),
            waiting: OnceLock::new(),
            page_bytes: AtomicUsize::new(0),
            signed_in: Mutex::default(),
            protected,
            cut: CancellationToken::new(),
        }))
    }

    /// Something came on the connection. A request that is not complete is nothing useful yet: a byte now and then
    /// would keep it from ever being the idlest. On a WebSocket that much is not known.
    pub(crate) fn heard(&self) {
        let now = millis(self.0.clock.elapsed());
        self.0.heard_at.store(now, Ordering::Relaxed);
        if self.is_web_socket() {
            self.0.used_at.store(now, Ordering::Relaxed);
        }
    }

    /// The client took in so many bytes of what is sent to it.
    pub(crate) fn took_in(&self, bytes: usize) {
        self.used();
        if let Some(waiting) = self.0.waiting.get() {
            waiting.subtract(bytes);
        }
    }

    /// From here on, what the client takes in no longer waits there. A connection carries one session in its life.
    pub(super) fn takes_in_for(&self, waiting: &WaitingBytes) {
        self.0.waiting.get_or_init(|| waiting.clone());
    }

    /// A page of so many bytes is on its way. Answers how many bytes of pages are, with those before it.
    pub(super) fn page_begins(&self, bytes: usize) -> usize {
        self.0.page_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes
    }

    /// A page that began has been taken in.
    pub(super) fn page_ends(&self, bytes: usize) {
        self.0.page_bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    fn used(&self) {
        self.0.used_at.store(millis(self.0.clock.elapsed()), Ordering::Relaxed);
    }

    /// A request begins to be answered.
    pub(crate) fn answer(&self) -> InFlight {
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        InFlight(self.clone())
    }

    /// The connection becomes a WebSocket.
    pub(crate) fn upgrade(&self) {
        self.0.is_web_socket.store(true, Ordering::Relaxed);
        self.heard();
    }

    /// Whether it is a WebSocket.
    pub(crate) fn is_web_socket(&self) -> bool {
        self.0.is_web_socket.load(Ordering::Relaxed)
    }

    /// The connection speaks for a person from here on, unless it is over.
    pub(crate) fn sign_in(&self, user: UserId) {
        let mut signed_in = self.signed_in();
        if !self.is_cut() && signed_in.as_ref().is_none_or(|(known, _)| *known != user) {
            *signed_in = self.0.protected.take(Some(user), 1).ok().map(|place| (user, place));
        }
    }

    /// The connection speaks for nobody any more.
    pub(crate) fn sign_out(&self) {
        *self.signed_in() = None;
    }

    /// Closes the connection, whatever it is at.
    pub(crate) fn cut(&self) {
        self.0.cut.cancel();
    }

    /// Whether the connection is over: cut, or closed.
    pub(crate) fn is_cut(&self) -> bool {
        self.0.cut.is_cancelled()
    }

    /// Done when the connection is cut.
    pub(crate) fn when_cut(&self) -> WaitForCancellationFutureOwned {
        self.0.cut.clone().cancelled_owned()
    }

    fn is_signed_in(&self) -> bool {
        self.signed_in().is_some()
    }

    /// Whether a request that came on it is being answered.
    fn is_answered(&self) -> bool {
        self.0.requests.load(Ordering::Relaxed) > 0
    }

    /// Whether nothing is being done on it, and it speaks for nobody.
    fn is_idle(&self) -> bool {
        !self.is_answered() && !self.is_signed_in()
    }

    fn used_at(&self) -> u64 {
        self.0.used_at.load(Ordering::Relaxed)
    }

    fn heard_at(&self) -> Duration {
        Duration::from_millis(self.0.heard_at.load(Ordering::Relaxed))
    }

    fn signed_in(&self) -> MutexGuard<'_, Option<(UserId, Place)>> {
        self.0.signed_in.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.0.requests.fetch_sub(1, Ordering::Relaxed);
        self.0.used();
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[path = "connections_tests.rs"]
mod tests;
