//! Limits on open sessions: those of Engine.IO, which may outlive their connections, and plain WebSockets.
//!
//! A session's place is kept with the request that began it, which the Socket.IO server keeps for as long as the
//! session. That server forgets to close some: engineioxide 0.17.9 leaves a session open when its opening packet cannot
//! be sent (src/transport/ws.rs:161), and gives clients of `EIO=3` no time in which to join a namespace
//! (socketioxide 0.18.9, src/client.rs:256). So each session has its deadlines here as well, and where even closing one does not
//! help, its place is given back all the same.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use madang_common::id::UserId;
use socketioxide::socket::Sid;
use tokio::sync::Notify;

use super::{
    Address,
    connections::Link,
    crowd::{Bounds, Crowd},
    places::Full,
    waiting::WaitingBytes,
};
use crate::clock::Clock;

/// How old a session must be to give way to another of its own address. Closing one takes a while: without that, who
/// begins them as fast as they can would leave far more behind than there are places.
const SETTLED: Duration = Duration::from_secs(2);
/// How long a session that has been closed may take to go.
const GOING: Duration = Duration::from_secs(60);

/// How long a session is waited for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// Until it joins a namespace, and until it is polled for the first time.
    pub(crate) join: Duration,
    /// Between two requests of long polling.
    pub(crate) silence: Duration,
}

/// The sessions that are open; a cheap handle.
#[derive(Clone)]
pub(crate) struct Sessions(Arc<Inner>);

struct Inner {
    bounds: Bounds,
    clock: Clock,
    open: Mutex<Open>,
    /// Something is to be closed by a request.
    changed: Notify,
}

#[derive(Default)]
struct Open {
    next: u64,
    all: HashMap<u64, Weak<Held>>,
    crowd: Crowd,
    by_sid: HashMap<Sid, Weak<Held>>,
    to_close: Vec<Sid>,
}

/// One session; a cheap handle. With the last of them its place is given back.
#[derive(Clone)]
pub(crate) struct Session(Arc<Held>);

/// A session's stay in a namespace, or on a plain WebSocket; it ends when this is dropped.
#[must_use]
pub(crate) struct Joined(Session);

struct Held {
    id: u64,
    address: Option<Address>,
    waiting: WaitingBytes,
    sessions: Weak<Inner>,
    clock: Clock,
    /// When it was begun, by the clock.
    began: Duration,
    state: Mutex<State>,
}

struct State {
    /// Whether its place has not been given back.
    has_place: bool,
    carrier: Carrier,
    /// When it was last polled, or anything came by a request.
    heard: Option<Duration>,
    /// In how many namespaces it is.
    joined: usize,
    /// Since when it has been in none, by the clock; while it is in one, when that was last so.
    outside_since: Duration,
    user: Option<UserId>,
    /// The id that it was polled by.
    sid: Option<Sid>,
    /// Since when it should be gone.
    closing: Option<Duration>,
}

/// What a session is carried by.
enum Carrier {
    /// Nothing yet: the handshake is on its way.
    Nothing,
    /// Requests.
    Polling(Sid),
    /// A WebSocket on this connection. A session that was polled before keeps its id.
    WebSocket(Link),
}

impl Sessions {
    pub(super) fn new(all: usize, address: usize, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            bounds: Bounds { all, address },
            clock,
            open: Mutex::default(),
            changed: Notify::new(),
        }))
    }

    /// Takes a place for a session. Another may lose its own for it.
    pub(super) fn begin(&self, address: Option<Address>) -> Option<Session> {
        let bounds = self.0.bounds;
        let full = self.0.open().crowd.may_take(address, 1, bounds).err();
        if let Some(losing) = full.map(|full| self.losing(address, full)) {
            let losing = losing?;
            tracing::debug!("a session is closed for another");
            losing.close();
            losing.give_back();
        }
        let mut open = self.0.open();
        // Somebody else may have been quicker.
        open.crowd.may_take(address, 1, bounds).ok()?;
        open.crowd.take(address, 1);
        let id = open.next;
        open.next += 1;
        let state = State {
            has_place: true,
            carrier: Carrier::Nothing,
            heard: None,
            joined: 0,
            outside_since: self.0.clock.elapsed(),
            user: None,
            sid: None,
            closing: None,
        };
        let sessions = Arc::downgrade(&self.0);
        let clock = self.0.clock.clone();
        let began = clock.elapsed();
        let waiting = WaitingBytes::default();
        let held = Arc::new(Held { id, address, waiting, sessions, clock, began, state: Mutex::new(state) });
        open.all.insert(id, Arc::downgrade(&held));
        Some(Session(held))
    }

    /// The session of this id, if it was begun by long polling and is open.
    pub(crate) fn get(&self, sid: Sid) -> Option<Session> {
        self.0.open().by_sid.get(&sid)?.upgrade().map(Session)
    }

    /// Closes the sessions whose time is over. Those that are polled are told by [`Self::next_to_close`].
    pub(crate) fn sweep(&self, patience: Patience) {
        let now = self.0.clock.elapsed();
        // Collected first: the last handle to one takes it out of the list when it is dropped.
        for session in self.all() {
            if session.0.is_overdue(now, patience) {
                tracing::debug!("a session's time is over");
                session.close();
            } else if session.0.is_stuck(now) && session.give_back() {
                tracing::error!("a session was closed and does not go; its place is given back");
            }
        }
    }

    /// The next session that is to be closed by a request, as its own client would close it.
    pub(crate) async fn next_to_close(&self) -> Sid {
        loop {
            let changed = self.0.changed.notified();
            if let Some(sid) = self.0.open().to_close.pop() {
                return sid;
            }
            changed.await;
        }
    }

    /// How many are open, and how many may be.
    pub(super) fn held(&self) -> (usize, usize) {
        (self.0.open().crowd.all(), self.0.bounds.all)
    }

    /// Whether there is a place for a newcomer whose address holds none.
    pub(super) fn has_place(&self) -> bool {
        let (held, most) = self.held();
        held < most || self.losing(None, Full::All).is_some()
    }

    fn all(&self) -> Vec<Session> {
        self.0.open().all.values().filter_map(Weak::upgrade).map(Session).collect()
    }

    /// The session that gives way to one from `address`: the oldest that has joined nothing yet, for whoever means to speak
    /// joins at once. When all places are taken by those that have, the youngest of the network that holds most.
    fn losing(&self, address: Option<Address>, full: Full) -> Option<Session> {
        let began_by = self.0.clock.elapsed().checked_sub(SETTLED)?;
        let network = address.map(Address::network);
        let mut settled = self.all();
        settled.retain(|session| {
            session.0.began <= began_by
                && match full {
                    Full::One => session.0.address == address,
                    Full::Network => network.is_some_and(|network| network.has(session.0.address)),
                    Full::All => true,
                }
        });
        let unjoined = settled.iter().filter(|session| session.0.is_unjoined());
        if let Some(oldest) = unjoined.min_by_key(|session| session.0.began) {
            return Some(oldest.clone());
        }
        let fullest = (full == Full::All).then(|| self.0.open().crowd.fullest_beyond(address, 1)).flatten()?;
        settled.retain(|session| fullest.has(session.0.address) && session.0.has_place());
        settled.into_iter().max_by_key(|session| session.0.began)
    }
}

impl Inner {
    fn open(&self) -> MutexGuard<'_, Open> {
        // Nothing panics while it is held.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    /// The session was begun by long polling and got this id.
    pub(crate) fn polled_as(&self, sid: Sid) {
        let Some(sessions) = self.0.sessions.upgrade() else { return };
        sessions.open().by_sid.insert(sid, Arc::downgrade(&self.0));
        let is_closing = {
            let mut state = self.0.state();
            state.carrier = Carrier::Polling(sid);
            state.sid = Some(sid);
            state.closing.is_some()
        };
        if is_closing {
            self.close();
        }
    }

    /// The session goes on by a WebSocket on this connection. One that is on another already stays there: engineioxide
    /// 0.17.9 answers a second upgrade with 101 and drops it afterwards (src/transport/ws.rs, `upgrade_handshake`).
    pub(crate) fn carried_by(&self, link: &Link) {
        let (is_closing, user) = {
            let mut state = self.0.state();
            if matches!(&state.carrier, Carrier::WebSocket(carrier) if !carrier.is_cut()) {
                return;
            }
            state.carrier = Carrier::WebSocket(link.clone());
            link.takes_in_for(&self.0.waiting);
            (state.closing.is_some(), state.user)
        };
        if is_closing {
            link.cut();
        } else if let Some(user) = user {
            link.sign_in(user);
        }
    }

    /// A request came for the session, on this connection.
    pub(crate) fn heard(&self, link: Option<&Link>) {
        let user = {
            let mut state = self.0.state();
            state.heard = Some(self.0.clock.elapsed());
            state.user
        };
        if let (Some(link), Some(user)) = (link, user) {
            link.sign_in(user);
        }
    }

    /// So many bytes more are sent to the session, if it does not have too many to take in.
    ///
    /// # Errors
    /// [`Full::One`].
    pub(crate) fn send(&self, bytes: usize) -> Result<(), Full> {
        self.0.waiting.add(bytes)
    }

    /// So many bytes were handed out in answer to a poll.
    pub(crate) fn took_in(&self, bytes: usize) {
        self.0.waiting.subtract(bytes);
    }

    /// The session is used for what it is there for, for as long as the answer is kept; for a person, if it is known whom.
    pub(crate) fn join(&self, user: Option<UserId>) -> Joined {
        let mut state = self.0.state();
        state.joined += 1;
        state.user = user.or(state.user);
        if let (Carrier::WebSocket(link), Some(user)) = (&state.carrier, state.user) {
            link.sign_in(user);
        }
        Joined(self.clone())
    }

    /// Closes the session by what carries it.
    pub(crate) fn close(&self) {
        let by_request = {
            let mut state = self.0.state();
            state.closing.get_or_insert_with(|| self.0.clock.elapsed());
            match &state.carrier {
                Carrier::Nothing => None,
                Carrier::Polling(sid) => Some(*sid),
                Carrier::WebSocket(link) => {
                    link.cut();
                    None
                }
            }
        };
        if let (Some(sid), Some(sessions)) = (by_request, self.0.sessions.upgrade()) {
            sessions.open().to_close.push(sid);
            sessions.changed.notify_one();
        }
    }

    /// Gives the place back, if it has not been.
    fn give_back(&self) -> bool {
        self.0.give_back()
    }
}

impl Held {
    fn is_unjoined(&self) -> bool {
        let state = self.state();
        state.joined == 0 && state.closing.is_none()
    }

    fn has_place(&self) -> bool {
        self.state().has_place
    }

    fn give_back(&self) -> bool {
        let had_place = std::mem::take(&mut self.state().has_place);
        if let (true, Some(sessions)) = (had_place, self.sessions.upgrade()) {
            sessions.open().crowd.give_back(self.address, 1);
        }
        had_place
    }

    fn is_overdue(&self, now: Duration, patience: Patience) -> bool {
        let state = self.state();
        if state.closing.is_some() {
            return false;
        }
        let since_begun = now.saturating_sub(self.began);
        let since_heard = state.heard.map(|heard| now.saturating_sub(heard));
        let is_silent = match &state.carrier {
            Carrier::Nothing => false,
            // Its connection knows how long nothing has come, and without it the session is over.
            Carrier::WebSocket(link) => link.is_cut(),
            Carrier::Polling(_) => {
                since_heard.map_or(since_begun > patience.join, |since_heard| since_heard > patience.silence)
            }
        };
        is_silent || state.joined == 0 && now.saturating_sub(state.outside_since) > patience.join
    }

    fn is_stuck(&self, now: Duration) -> bool {
        self.state().closing.is_some_and(|closing| now.saturating_sub(closing) > GOING)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Joined {
    fn drop(&mut self) {
        let now = self.0.0.clock.elapsed();
        let mut state = self.0.0.state();
        state.joined -= 1;
        state.outside_since = now;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.give_back();
        let Some(sessions) = self.sessions.upgrade() else { return };
        let sid = self.state().sid;
        let mut open = sessions.open();
        open.all.remove(&self.id);
        if let Some(sid) = sid {
            open.by_sid.remove(&sid);
        }
    }
}

#[cfg(test)]
#[path = "sessions_tests.rs"]
mod tests;
