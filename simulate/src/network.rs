//! The network: connections, what is on its way over them, and what becomes of it.

use madang_client::engine::RequestId;
use madang_common::{
    event::{
        ClientEvent as _, ServerEvent as _,
        message::Post,
        room::{Changes, Digest, Head, History, Open, Read, Sync},
        server::Leaving,
    },
    fault::{Fault, FaultCode},
    id::UserId,
};
use serde_json::Value;

use crate::{
    script::TabName,
    server::{To, Told, answer, event_for},
    world::{Event, TabId, World},
};

/// A silent connection is given up after this long, in milliseconds.
pub(crate) const SILENCE: u64 = 45_000;

/// Names a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConnectionId(pub usize);

/// A connection, as both its ends have it.
#[derive(Debug)]
pub struct Connection {
    pub tab: TabId,
    pub user: UserId,
    /// The client has not noticed its end.
    pub is_up_for_client: bool,
    /// The server has not noticed its end, and tells it what happens.
    pub is_up_for_server: bool,
    /// It carries something.
    pub carries: bool,
    /// How long anything takes at least, in milliseconds.
    pub delay: u64,
    /// So many of the next live changes get lost.
    pub loses: u32,
    /// When what was sent last arrives: requests, answers, events. Each of these stays in order by itself.
    pub last_up: u64,
    pub last_answer: u64,
    pub last_event: u64,
}

impl Connection {
    /// A connection that is just being made, and is open for the client at `opened`.
    #[must_use]
    pub fn new(tab: TabId, user: UserId, delay: u64, opened: u64) -> Self {
        Self {
            tab,
            user,
            is_up_for_client: true,
            is_up_for_server: true,
            carries: true,
            delay,
            loses: 0,
            last_up: opened,
            last_answer: opened,
            last_event: opened,
        }
    }

    /// When a request that is sent now arrives.
    pub fn send_request(&mut self, now: u64, jitter: u64) -> u64 {
        self.last_up = self.last_up.max(now + self.delay + jitter);
        self.last_up
    }

    /// When an answer arrives that was read now. It may overtake what was told before. Of the requests whose answers
    /// have a revision it may also come after what is told later; of the others the server writes the answer at once.
    pub fn send_answer(&mut self, now: u64, jitter: u64, event: &str) -> u64 {
        self.last_answer = self.last_answer.max(now + self.delay + jitter);
        let has_revision = [Open::NAME, Sync::NAME, History::NAME, Digest::NAME, Head::NAME, Read::NAME, Post::NAME];
        if !has_revision.contains(&event) {
            self.last_event = self.last_event.max(self.last_answer);
        }
        self.last_answer
    }

    /// When an event arrives that is told now.
    pub fn send_event(&mut self, now: u64, jitter: u64) -> u64 {
        self.last_event = self.last_event.max(now + self.delay + jitter);
        self.last_event
    }
}

impl World {
    pub(crate) fn connect(&mut self, tab: TabId) {
        let (now, jitter) = (self.now, self.jitter());
        let state = &mut self.tabs[tab.0];
        if state.is_closed || state.connection.is_some() || state.back_at.is_some_and(|at| at > now) {
            return;
        }
        state.back_at = None;
        if !self.is_up {
            return self.retry(tab);
        }
        let delay = self.rng.u64(1..60);
        let opened = now + delay + jitter;
        let id = ConnectionId(self.connections.len());
        let user = self.tabs[tab.0].user;
        self.connections.push(Connection::new(tab, user, delay, opened));
        self.tabs[tab.0].connection = Some(id);
        self.later(opened, Event::Connected(id));
    }

    pub(crate) fn client_notices(&mut self, id: ConnectionId) {
        let connection = &mut self.connections[id.0];
        if !std::mem::take(&mut connection.is_up_for_client) {
            return;
        }
        let tab = connection.tab;
        self.tabs[tab.0].connection = None;
        self.retry(tab);
    }

    /// There is no connection: says so, and when the next attempt is made.
    fn retry(&mut self, tab: TabId) {
        let state = &mut self.tabs[tab.0];
        state.failures = (state.failures + 1).min(4);
        let wait = (500 << state.failures) / 2;
        let at = state.back_at.unwrap_or(self.now + wait);
        let since = self.now as f64;
        self.later(at, Event::Connect(tab));
        self.with_engine(tab, |engine| engine.disconnected(since, at as f64));
    }

    pub(crate) fn send(&mut self, tab: TabId, request: Option<RequestId>, event: &'static str, data: Value) {
        let (now, jitter) = (self.now, self.jitter());
        if let Some(id) = self.tabs[tab.0].connection {
            let at = self.connections[id.0].send_request(now, jitter);
            self.later(at, Event::Request(id, request, event, data));
        }
    }

    pub(crate) fn serve(&mut self, id: ConnectionId, request: Option<RequestId>, event: &'static str, data: Value) {
        let connection = &self.connections[id.0];
        if !connection.is_up_for_server || !connection.carries || !self.is_up {
            return;
        }
        let user = connection.user;
        let mut told = Vec::new();
        let is_refused = self.now < self.busy_until && self.rng.u32(0..10) < 7;
        let value = if is_refused {
            let code = [FaultCode::TooBusy, FaultCode::TooOften, FaultCode::Unavailable][self.rng.usize(0..3)];
            let again_in = (code == FaultCode::TooOften).then(|| self.rng.u32(100..3_000));
            answer::<()>(Err(Fault { again_in, ..Fault::new(code, "not now") }))
        } else {
            self.server.carry_out(self.now as i64, user, event, data, &mut told)
        };
        // Either may come first: the answer, or what everyone is told.
        if self.rng.bool() {
            self.answer(id, request, event, value);
            self.publish(told);
        } else {
            self.publish(told);
            self.answer(id, request, event, value);
        }
    }

    fn answer(&mut self, id: ConnectionId, request: Option<RequestId>, event: &'static str, value: Value) {
        let Some(request) = request else { return };
        let (now, jitter) = (self.now, self.jitter());
        let at = self.connections[id.0].send_answer(now, jitter, event);
        self.later(at, Event::Answer(id, request, event, value));
    }

    fn publish(&mut self, told: Vec<Told>) {
        for (to, event, data) in told {
            for index in 0..self.connections.len() {
                let (now, jitter) = (self.now, self.jitter());
                let connection = &mut self.connections[index];
                let hears = match to {
                    To::All => true,
                    To::Person(user) => connection.user == user,
                    To::Members(room) => self.server.is_member(room, connection.user),
                    To::MembersBut(room, user) => {
                        connection.user != user && self.server.is_member(room, connection.user)
                    }
                };
                if !connection.is_up_for_server || !hears {
                    continue;
                }
                if event == Changes::NAME && connection.loses > 0 {
                    connection.loses -= 1;
                    continue;
                }
                let at = connection.send_event(now, jitter);
                self.later(at, Event::Tell(ConnectionId(index), event, data.clone()));
            }
        }
    }

    fn connection_of(&mut self, name: TabName) -> Option<(ConnectionId, &mut Connection)> {
        let tab = self.open.get(&name)?;
        let id = self.tabs[tab.0].connection?;
        Some((id, &mut self.connections[id.0]))
    }

    /// Ends a connection; `most`: after how long each end notices at the latest, in milliseconds.
    pub fn cut(&mut self, name: TabName, most: u64) {
        let Some((id, connection)) = self.connection_of(name) else { return };
        connection.carries = false;
        let (now, client, server) = (self.now, self.rng.u64(0..=most), self.rng.u64(0..=most));
        self.later(now + client, Event::ClientNotices(id));
        self.later(now + server, Event::ServerNotices(id));
    }

    /// Ends a connection in a way that shows only by silence.
    pub fn half_open(&mut self, name: TabName) {
        self.cut(name, SILENCE);
    }

    /// Makes a connection slow.
    pub fn slow(&mut self, name: TabName, millis: u32) {
        if let Some((_, connection)) = self.connection_of(name) {
            connection.delay = u64::from(millis);
        }
    }

    /// Loses the next changes for a connection.
    pub fn lose_events(&mut self, name: TabName, count: u32) {
        if let Some((_, connection)) = self.connection_of(name) {
            connection.loses += count;
        }
    }

    /// From now on nothing gets lost any more.
    pub fn lose_no_more(&mut self) {
        self.connections.iter_mut().for_each(|connection| connection.loses = 0);
    }

    /// Stops the server for a while.
    pub fn restart(&mut self, told: bool, millis: u32) {
        if told {
            let back_in = millis + self.rng.u32(0..2_000);
            self.publish(vec![event_for(To::All, &Leaving { back_in })]);
        }
        let at = self.now + if told { 100 } else { 0 };
        self.later(at, Event::Stop);
        self.later(at + u64::from(millis), Event::Start);
    }

    pub(crate) fn stop(&mut self) {
        self.is_up = false;
        for index in 0..self.connections.len() {
            let connection = &mut self.connections[index];
            if std::mem::take(&mut connection.is_up_for_server) {
                connection.carries = false;
                let at = self.now + self.rng.u64(0..200);
                self.later(at, Event::ClientNotices(ConnectionId(index)));
            }
        }
    }
}
