//! The connection: how it is told, and what is done when it is there again.

use madang_common::{
    event::session::{Hello, HelloReply},
    fault::{Fault, FaultCode},
};

use super::{
    Engine, PAUSES,
    action::Action,
    request::{Asked, Failure},
    timers::{Due, Then},
};
use crate::{
    json,
    link::Link,
    rooms::Rooms,
    view::{Cells, ViewCell as _},
};

impl<C: Cells> Engine<C> {
    /// A connection to namespace `/chat` is open. Told again while it is (another transport, say), it changes nothing.
    pub fn connected(&mut self) {
        if self.connected || self.is_ended() {
            return;
        }
        self.connected = true;
        self.connection = self.connection.wrapping_add(1);
        self.hello(self.connection, PAUSES.0);
        self.settle_lost();
    }

    /// A connection is being tried, for the so-and-so-many-th time; there has been none since then. Of the first try after
    /// the start nothing is told.
    pub fn connecting(&mut self, since: f64, attempt: u32) {
        if attempt > 0 || self.view.link.with(|link| *link != Link::Starting) {
            self.disconnected(since, self.now);
        }
    }

    /// There is no connection; it has been down since then, and the next attempt is made at that time, both in
    /// milliseconds since 1970. All that was asked for comes to nothing.
    pub fn disconnected(&mut self, since: f64, retry_at: f64) {
        self.connected = false;
        self.requests.lose_all();
        self.settle_lost();
        if !self.is_ended() {
            self.view.link.set(Link::Down { since, retry_at });
        }
    }

    /// The server did not let the connection in, which has been down since then. `message` is its reason: a fault, as
    /// JSON.
    pub fn refused(&mut self, since: f64, message: &str) {
        let fault = serde_json::from_str(message).ok().and_then(|fault| json::read::<Fault>(fault).ok());
        if fault.as_ref().is_some_and(|fault| fault.code == FaultCode::NotSignedIn) {
            return self.session_ended();
        }
        self.complain("the server refused the connection", &fault.as_ref().map_or(message, |fault| &fault.message));
        // Whatever it is, it may pass: a server that starts or stops, or one that is asked too often.
        let wait = fault.and_then(|fault| fault.again_in).unwrap_or(PAUSES.1);
        self.disconnected(since, self.now + f64::from(wait));
        self.wake_in(wait, Due::Reconnect);
    }

    /// Tries to connect now rather than at the announced time.
    pub fn reconnect_now(&mut self) {
        self.actions.push(Action::Reconnect);
    }

    /// The session is over: there is nothing to do but to join again.
    pub(super) fn session_ended(&mut self) {
        if !self.is_ended() {
            self.view.link.set(Link::Ended);
            self.actions.push(Action::Close);
        }
    }

    fn is_ended(&self) -> bool {
        self.view.link.with(|link| *link == Link::Ended)
    }

    /// Asks who one is, which comes first on every connection. The server has subscribed it to its rooms before it
    /// answers, so that nothing falls between what is live and what is caught up with.
    pub(super) fn hello(&mut self, connection: u32, wait: u32) {
        if connection == self.connection && self.connected {
            self.ask(&Hello {}, Asked::Hello { connection, wait });
        }
    }

    pub(super) fn greeted(&mut self, connection: u32, wait: u32, reply: Result<HelloReply, Failure>) {
        match reply {
            Ok(hello) => {
                let known = self.view.me.with(|me| me.as_ref() == Some(&hello.me));
                if !known {
                    self.view.me.set(Some(hello.me));
                    self.load_outbox();
                }
                self.view.rooms.set(Rooms::new(hello.rooms));
                self.view.link.change(|link| {
                    let was_down = matches!(link, Link::Down { .. });
                    if was_down {
                        *link = Link::Resuming;
                    }
                    was_down
                });
                self.refresh_room(Then::CatchUp { connection });
            }
            // The next connection asks anew.
            Err(Failure::Disconnected) => {}
            Err(failure) => {
                let pause = failure.again_in().unwrap_or(wait);
                self.wake_in(pause, Due::Hello { connection, wait: (wait * 2).min(PAUSES.1) });
            }
        }
    }

    pub(super) fn go_on(&mut self, then: Then) {
        match then {
            Then::Nothing => {}
            Then::CatchUp { connection } => self.catch_up(Then::GoLive { connection }),
            Then::GoLive { connection } => {
                if connection == self.connection && self.connected && !self.is_ended() {
                    self.view.link.set(Link::Live);
                    self.send_unsent();
                    self.gather_read();
                    self.reconcile();
                }
            }
            Then::Compare => self.compare_once_more(),
        }
    }
}
