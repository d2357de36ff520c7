//! The client engine: all that a client decides, without I/O, clock or randomness of its own.
//!
//! What happens is told to it by calling a method: a connection opened, an event or an answer came, a time came, the disk
//! has read or written, another tab has news, a person said something. What is to be done about it comes out as
//! [`Action`]s, and what is to be shown stands in the [`View`]. A driver carries the actions out: the page with a browser's
//! sockets and disks, torture with real sockets, the simulation with none at all.
//!
//! ```
//! use madang_client::{engine::{Action, Engine}, outbox::Outbox, view::View};
//!
//! let mut engine = Engine::new(View::empty());
//! engine.at(1_000.0).connected();
//! assert!(matches!(engine.take_actions()[..], [Action::Request { event: "session.hello", .. }]));
//! ```

mod action;
mod connection;
mod dispatch;
mod drafts;
mod messages;
pub mod outbox;
mod read_position;
mod reconcile;
mod request;
mod rooms;
mod sending;
mod sync;
mod tabs;
mod timers;
mod typing;

pub use action::{Action, RequestId, Ticket};
pub use request::Failure;
pub use tabs::TabNews;

use crate::view::{Cells, View};
use timers::{Due, Timers};

/// The wait before a request is made again that the server could not serve, in milliseconds: the first, and the
/// longest.
pub(crate) const PAUSES: (u32, u32) = (500, 8_000);

/// The engine of one client: a tab, a program.
pub struct Engine<C: Cells> {
    /// What is shown.
    pub view: View<C>,
    /// Milliseconds since 1970.
    now: f64,
    actions: Vec<Action>,
    requests: request::Requests,
    timers: Timers,
    connected: bool,
    /// Counts connections: what was begun on an earlier one is given up.
    connection: u32,
    /// Whether anybody can see what is shown.
    visible: bool,
    drafts: drafts::State,
    outbox: outbox::State,
    read_position: read_position::State,
    reconcile: reconcile::State,
    rooms: rooms::State,
    sync: sync::State,
    typing: typing::State,
}

impl<C: Cells> Engine<C> {
    /// An engine that shows this to begin with, and is not connected.
    pub fn new(view: View<C>) -> Self {
        Self {
            view,
            now: 0.0,
            actions: Vec::new(),
            requests: request::Requests::default(),
            timers: Timers::default(),
            connected: false,
            connection: 0,
            visible: true,
            drafts: drafts::State::default(),
            outbox: outbox::State::default(),
            read_position: read_position::State::default(),
            reconcile: reconcile::State::default(),
            rooms: rooms::State::default(),
            sync: sync::State::default(),
            typing: typing::State::default(),
        }
    }

    /// Lets the rooms' heads be asked for this often, in milliseconds, from the next time on: every
    /// [`HEAD_INTERVAL_MS`](madang_common::limits::HEAD_INTERVAL_MS) unless it is said otherwise.
    pub fn set_head_interval(&mut self, millis: u32) {
        self.sync.head_interval = millis;
    }

    /// Sets the clock, in milliseconds since 1970. To be called before anything is told.
    pub fn at(&mut self, now: f64) -> &mut Self {
        self.now = now;
        self
    }

    /// What is to be done, in this order. To be asked for after anything was told.
    pub fn take_actions(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.actions)
    }

    /// When [`Engine::due`] is to be called next, in milliseconds since 1970.
    #[must_use]
    pub fn wake_at(&self) -> Option<f64> {
        self.timers.next()
    }

    /// A time has come.
    pub fn due(&mut self) {
        while let Some(due) = self.timers.take(self.now) {
            match due {
                Due::Hello { connection, wait } => self.hello(connection, wait),
                Due::Reconnect => self.actions.push(Action::Reconnect),
                Due::Head => self.ask_heads(),
                Due::Sync => self.sync_again(),
                Due::TellCatchingUp => self.tell_catching_up(),
                Due::SyncSoon => self.sync_what_did_not_come(),
                Due::OpenWanted { wait, then } => self.open_wanted_again(wait, then),
                Due::Compare => self.compare_once_more(),
                Due::Post => self.send_next(),
                Due::ReadGathered => self.tell_read(),
                Due::ReadAgain => self.gather_read(),
                Due::TypingIdle => self.stop_typing(),
                Due::TypingExpiry => self.expire_typing(),
            }
            self.settle_lost();
        }
    }

    /// Whether anybody can see what is shown. What could not be seen has been seen once it is shown.
    pub fn set_visible(&mut self, visible: bool) {
        self.visible = visible;
        self.gather_read();
    }

    fn wake_in(&mut self, millis: u32, due: Due) {
        self.timers.set(self.now + f64::from(millis), due);
    }
}
