//! The world: time, and all that happens in it in one order.

use std::collections::BTreeMap;

use fastrand::Rng;
use madang_client::{
    engine::{Action, Engine, RequestId, TabNews, Ticket},
    open_room::OpenRoom,
    rooms::Rooms,
    view::{Plain, PlainCell, View},
};
use madang_common::id::{ClientId, Rev, RoomId, Seq, UserId};
use serde_json::Value;

use crate::{
    browser::{Browser, DiskOp},
    network::{Connection, ConnectionId, SILENCE},
    script::{PEOPLE, TabName},
    server::{LOBBY, Server},
    verdict::Fault,
    watch::Told,
};

/// What the clocks show when it begins, in milliseconds since 1970.
const EPOCH: u64 = 1_700_000_000_000;

/// Names a tab from when it is opened until it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TabId(pub usize);

/// A tab, with its engine.
pub struct Tab {
    pub user: UserId,
    pub engine: Engine<Plain>,
    pub is_open: bool,
    pub(crate) connection: Option<ConnectionId>,
    /// The session is over, or the tab.
    pub(crate) is_closed: bool,
    pub(crate) failures: u32,
    /// When the server wants it to come back.
    pub(crate) back_at: Option<u64>,
    /// What has been said in it, in which room, in this order.
    pub said: Vec<(RoomId, ClientId)>,
    /// What a program would be told of the room that is shown.
    pub told: Told,
    /// The last revision of each room of which it has heard live.
    pub heard: BTreeMap<RoomId, Rev>,
    /// The last message that has been read in each room while the tab could be seen.
    pub read: BTreeMap<RoomId, Seq>,
    tickets: u64,
    /// It has ended without a word.
    pub has_crashed: bool,
    /// What stands in the composer of the room that is shown.
    pub composer: Option<(RoomId, String)>,
}

/// Something that is to happen.
#[derive(Debug)]
pub(crate) enum Event {
    Wake(TabId),
    Connect(TabId),
    Connected(ConnectionId),
    Request(ConnectionId, Option<RequestId>, &'static str, Value),
    Answer(ConnectionId, RequestId, &'static str, Value),
    Tell(ConnectionId, &'static str, Value),
    ClientNotices(ConnectionId),
    ServerNotices(ConnectionId),
    Disk(TabId, DiskOp),
    News(TabId, TabNews),
    Turn(TabId),
    TurnPatience(TabId),
    Stop,
    Start,
}

/// All there is.
pub struct World {
    pub rng: Rng,
    pub now: u64,
    queue: BTreeMap<(u64, u64), Event>,
    count: u64,
    pub server: Server,
    pub(crate) is_up: bool,
    /// Until when the server refuses most requests.
    pub busy_until: u64,
    pub(crate) connections: Vec<Connection>,
    pub browsers: Vec<Browser>,
    pub tabs: Vec<Tab>,
    /// The tabs that are open.
    pub open: BTreeMap<TabName, TabId>,
    /// What was refused for good, by whose message it was.
    pub refused: Vec<ClientId>,
    /// Whether all that happens is printed.
    pub is_traced: bool,
    /// What did not hold at some moment.
    pub broken: Vec<Fault>,
    /// What was acknowledged, and in which tab.
    pub(crate) acknowledged: BTreeMap<ClientId, TabId>,
    /// What the engines complain of, other than a refused connection.
    pub complaints: Vec<String>,
}

impl World {
    /// A world of people who have not opened anything yet.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed ^ 0x5eed);
        let people: Vec<UserId> = (0..PEOPLE).map(|person| UserId(person as i64 + 1)).collect();
        let browsers = people.iter().map(|user| Browser::new(*user, rng.u32(0..4) > 0)).collect();
        Self {
            rng,
            now: EPOCH,
            queue: BTreeMap::new(),
            count: 0,
            server: Server::new(&people),
            is_up: true,
            busy_until: 0,
            connections: Vec::new(),
            browsers,
            tabs: Vec::new(),
            open: BTreeMap::new(),
            refused: Vec::new(),
            is_traced: false,
            broken: Vec::new(),
            acknowledged: BTreeMap::new(),
            complaints: Vec::new(),
        }
    }

    pub(crate) fn later(&mut self, at: u64, event: Event) {
        self.count += 1;
        self.queue.insert((at.max(self.now), self.count), event);
    }

    pub(crate) fn jitter(&mut self) -> u64 {
        // Mostly the same, now and then much.
        if self.rng.u32(0..20) == 0 { self.rng.u64(0..400) } else { self.rng.u64(0..20) }
    }

    /// Lets time pass until `until`, with all that happens meanwhile. `watch` looks at the world after each.
    ///
    /// # Errors
    /// The first that `watch` finds.
    pub fn run(&mut self, until: u64, watch: &mut dyn FnMut(&Self) -> Result<(), Fault>) -> Result<(), Fault> {
        while let Some(entry) = self.queue.first_entry() {
            if entry.key().0 > until {
                break;
            }
            self.now = entry.key().0;
            let event = entry.remove();
            self.happen(event);
            watch(self)?;
        }
        self.now = until;
        Ok(())
    }

    /// Milliseconds since the beginning.
    #[must_use]
    pub fn elapsed(&self) -> u64 {
        self.now - EPOCH
    }

    /// The point in time so many milliseconds after the beginning.
    #[must_use]
    pub fn time_at(&self, elapsed: u64) -> u64 {
        EPOCH + elapsed
    }

    fn happen(&mut self, event: Event) {
        if self.is_traced {
            println!("{:>7} {event:?}", self.elapsed());
        }
        match event {
            Event::Wake(tab) => self.with_engine(tab, Engine::due),
            Event::Connect(tab) => self.connect(tab),
            Event::Connected(id) => {
                let connection = &self.connections[id.0];
                if connection.is_up_for_client && connection.carries {
                    let tab = connection.tab;
                    self.tabs[tab.0].failures = 0;
                    self.with_engine(tab, Engine::connected);
                }
            }
            Event::Request(id, request, event, data) => self.serve(id, request, event, data),
            Event::Answer(id, request, event, value) => {
                let connection = &self.connections[id.0];
                if connection.is_up_for_client && connection.carries {
                    let tab = connection.tab;
                    self.note_acknowledged(tab, event, &value);
                    self.watching_memberships(tab, event, |world| {
                        world.with_engine(tab, |engine| engine.answered(request, Some(value)));
                    });
                }
            }
            Event::Tell(id, event, data) => {
                let connection = &self.connections[id.0];
                if connection.is_up_for_client && connection.carries {
                    let tab = connection.tab;
                    self.note_heard(tab, event, &data);
                    self.watching_memberships(tab, event, |world| {
                        world.with_engine(tab, |engine| engine.event(event, data));
                    });
                }
            }
            Event::ClientNotices(id) => self.client_notices(id),
            Event::ServerNotices(id) => self.connections[id.0].is_up_for_server = false,
            Event::Disk(tab, op) => self.disk(tab, op),
            Event::News(tab, news) => self.with_engine(tab, |engine| engine.tab_told(&news)),
            Event::Turn(tab) => {
                if self.browser_of(tab).turn == Some(tab) {
                    self.with_engine(tab, |engine| engine.turn(true));
                }
            }
            Event::TurnPatience(tab) => {
                let browser = self.browser_of(tab);
                if browser.line.contains(&tab) {
                    browser.line.retain(|waiting| *waiting != tab);
                    self.with_engine(tab, |engine| engine.turn(false));
                }
            }
            Event::Stop => self.stop(),
            Event::Start => self.is_up = true,
        }
    }

    /// Opens a tab, as the server renders it: with a room in it, or without.
    pub fn open_tab(&mut self, name: TabName) {
        if self.open.contains_key(&name) {
            return;
        }
        let user = self.browsers[name.0].user;
        self.browsers[name.0].had_two_tabs |= self.open.keys().any(|(person, _)| *person == name.0);
        let mut view = View::empty();
        if self.rng.bool() {
            view.me = PlainCell(Some(Server::person(user)));
            view.rooms = PlainCell(Rooms::new(self.server.rooms_of(user)));
            view.open = PlainCell(self.server.snapshot(LOBBY, user).map(OpenRoom::new));
        }
        let id = TabId(self.tabs.len());
        self.tabs.push(Tab {
            user,
            engine: Engine::new(view),
            is_open: true,
            connection: None,
            is_closed: false,
            failures: 0,
            back_at: None,
            said: Vec::new(),
            told: Told::default(),
            heard: BTreeMap::new(),
            read: BTreeMap::new(),
            tickets: 0,
            has_crashed: false,
            composer: None,
        });
        self.open.insert(name, id);
        let spilled = self.browsers[name.0].spilled.clone();
        let lobby = self.server.rooms[&LOBBY].slug().clone();
        self.with_engine(id, |engine| {
            engine.start(&spilled);
            engine.show(&lobby);
        });
        let at = self.now + self.jitter();
        self.later(at, Event::Connect(id));
    }

    /// Ends a tab; `spills`: it has the time to keep what is on no disk.
    pub fn end_tab(&mut self, name: TabName, spills: bool) {
        let Some(id) = self.open.remove(&name) else { return };
        if spills {
            self.with_engine(id, Engine::leave);
        }
        let tab = &mut self.tabs[id.0];
        (tab.is_open, tab.is_closed, tab.has_crashed) = (false, true, !spills);
        if let Some(connection) = tab.connection.take() {
            self.connections[connection.0].is_up_for_client = false;
            // What it sent last may arrive or not.
            self.connections[connection.0].carries = self.rng.bool();
            let at = self.now + self.rng.u64(0..SILENCE);
            self.later(at, Event::ServerNotices(connection));
        }
        // Writing that has begun may come to its end or not.
        if self.rng.bool() {
            self.queue.retain(|_, event| !matches!(event, Event::Disk(of, _) if *of == id));
        }
        if let Some(next) = self.browser_of(id).leave_line(id) {
            self.later(self.now, Event::Turn(next));
        }
    }

    /// Does something with a tab's engine, and what it then wants done.
    pub fn with_engine(&mut self, tab: TabId, tell: impl FnOnce(&mut Engine<Plain>)) {
        if !self.tabs[tab.0].is_open {
            return;
        }
        let now = self.now;
        let engine = &mut self.tabs[tab.0].engine;
        let before = engine.wake_at();
        tell(engine.at(now as f64));
        let (actions, wake_at) = (engine.take_actions(), engine.wake_at());
        let tab_state = &mut self.tabs[tab.0];
        self.broken.extend(tab_state.told.look(&tab_state.engine));
        if let Some(at) = wake_at.filter(|_| wake_at != before || before.is_some_and(|at| at <= now as f64)) {
            self.later(at.ceil() as u64, Event::Wake(tab));
        }
        for action in actions {
            if self.is_traced {
                println!("{:>7} {tab:?} wants {action:?}", self.elapsed());
            }
            self.perform(tab, action);
        }
        self.follow_composer(tab);
    }

    /// A name for something that is asked for.
    pub fn ticket(&mut self, tab: TabId) -> Ticket {
        let tab = &mut self.tabs[tab.0];
        tab.tickets += 1;
        Ticket(tab.tickets)
    }

    pub(crate) fn browser_of(&mut self, tab: TabId) -> &mut Browser {
        let user = self.tabs[tab.0].user;
        self.browsers.iter_mut().find(|browser| browser.user == user).expect("everyone has one")
    }

    fn perform(&mut self, tab: TabId, action: Action) {
        match action {
            Action::Request { id, event, data } => {
                self.note_sent(tab, event, &data);
                self.send(tab, Some(id), event, data);
            }
            Action::Tell { event, data } => self.send(tab, None, event, data),
            Action::Reconnect => {
                if self.tabs[tab.0].connection.is_none() {
                    self.later(self.now, Event::Connect(tab));
                }
            }
            Action::ComeBackIn(millis) => {
                let at = self.now + u64::from(millis);
                self.tabs[tab.0].back_at = Some(at);
            }
            Action::Close => self.complaints.push("a session is over that nobody has ended".to_owned()),
            Action::OpenDisk => self.ask_disk(tab, DiskOp::Open),
            Action::ReadOutbox { .. } => self.ask_disk(tab, DiskOp::Read),
            Action::WriteOutbox { id, message, .. } => self.ask_disk(tab, DiskOp::Write(id, message)),
            Action::ForgetSpilled { ids, .. } => {
                let browser = self.browser_of(tab);
                ids.into_iter().for_each(|id| browser.spilled.remove(id));
            }
            Action::Spill { outbox, drafts, .. } => {
                let browser = self.browser_of(tab);
                browser.spilled_drafts.extend(drafts);
                browser.was_spilled.extend(outbox.iter().map(|pending| pending.client_id));
                outbox.iter().for_each(|pending| browser.spilled.put(pending.clone()));
            }
            Action::AwaitTurn { .. } => self.await_turn(tab),
            Action::ReleaseTurn => {
                if let Some(next) = self.browser_of(tab).leave_line(tab) {
                    self.later(self.now, Event::Turn(next));
                }
            }
            Action::TellTabs(news) => {
                let user = self.tabs[tab.0].user;
                let others: Vec<TabId> = self.open.values().copied().filter(|other| *other != tab).collect();
                for other in others.into_iter().filter(|other| self.tabs[other.0].user == user).collect::<Vec<_>>() {
                    let at = self.now + self.rng.u64(0..10);
                    self.later(at, Event::News(other, news.clone()));
                }
            }
            Action::Posted { id, outcome } => {
                if outcome.is_err() {
                    self.refused.push(id);
                }
            }
            Action::ReadDraft { room, .. } => {
                let spilled = self.browser_of(tab).spilled_drafts.get(&room).cloned();
                self.ask_disk(tab, DiskOp::ReadDraft(room, spilled));
            }
            Action::WriteDraft { room, text, .. } => self.ask_disk(tab, DiskOp::WriteDraft(room, text)),
            Action::ForgetDraft { room, said, .. } => self.ask_disk(tab, DiskOp::ForgetDraft(room, said)),
            Action::Done { .. } => {}
            Action::Complain { what, why } => self.complaints.push(format!("{what}: {why}")),
        }
    }

    /// From now on nothing breaks any more.
    pub fn make_peace(&mut self) {
        self.busy_until = 0;
        self.lose_no_more();
        for name in self.open.keys().copied().collect::<Vec<_>>() {
            self.slow(name, 10);
        }
    }
}
