//! A person at a page: reads the lobby and says things in it, whatever happens to the connection.
//!
//! What the page does is done here in the same way, with the page's own timeline: say hello, catch up, apply what is
//! live, ask for what is missing, keep each message until it is acknowledged, and come back after every outage.

use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail};
use madang_app::state::timeline::{Applied, Timeline};
use madang_common::{
    event::{
        Answer, ClientEvent, ServerEvent,
        message::{Delete, Edit, Post},
        room::{Changes, Head, HeadReply, Open, Sync, SyncReply},
        session::{Hello, HelloReply},
    },
    id::{ClientId, MessageId, RoomId, UserId},
    message::MessageView,
    room::RoomSnapshot,
    text::MessageText,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::{
    sync::Notify,
    task::JoinHandle,
    time::{Instant, interval, sleep},
};

use crate::{
    forms::Account,
    link::{Incoming, Link},
};

/// The first wait before another attempt to connect, and the longest. The page waits longer, so this is harder.
const RETRY: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));
/// How often the room's head is asked for; the page does it each 15 s.
const HEAD: Duration = Duration::from_secs(1);
/// A request that is not answered for so long means that the connection is dead.
const PATIENCE: Duration = Duration::from_secs(10);

/// A person; dropped, they leave without a word.
pub(crate) struct Person {
    pub(crate) name: String,
    state: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    state: Mutex<State>,
    /// There is something to send.
    work: Notify,
}

/// What a person knows.
#[derive(Default)]
struct State {
    me: UserId,
    room: RoomId,
    timeline: Option<Timeline>,
    /// What is still to be acknowledged, the oldest first.
    unsent: VecDeque<Work>,
    acked: Vec<MessageView>,
    said: Vec<(ClientId, String)>,
    /// The last head that the server told stands in the timeline.
    caught_up: bool,
    connections: u64,
    refused: Vec<String>,
    /// When each live change came, with the time at which the server stored it: only where it is asked for.
    delays: Option<Vec<Duration>>,
}

#[derive(Clone)]
enum Work {
    Say(ClientId, MessageText),
    Edit(MessageId, MessageText),
    Delete(MessageId),
}

/// What a request was about, until its answer comes.
enum Asked {
    Hello,
    Open,
    Sync,
    Head,
    Work,
}

impl Person {
    /// Joins Madang at `server` and keeps a connection to `through`, which leads there.
    pub(crate) async fn join(server: SocketAddr, through: SocketAddr, name: &str) -> Result<Self> {
        Ok(Self::connect(&Account::new(server, name).await?, through, name))
    }

    /// As [`Person::join`], with a session that exists.
    pub(crate) fn connect(account: &Account, through: SocketAddr, name: &str) -> Self {
        let state = Arc::new(Shared { state: Mutex::default(), work: Notify::new() });
        let task = tokio::spawn(live(state.clone(), through, account.cookie.clone()));
        Self { name: name.to_owned(), state, task }
    }

    /// Says something; it is sent until it is acknowledged.
    pub(crate) fn say(&self, text: &str) -> Result<()> {
        let id = new_client_id();
        let words = MessageText::parse(text).context("a text to say")?;
        let mut state = self.state.lock();
        state.said.push((id, text.to_owned()));
        self.push(&mut state, Work::Say(id, words));
        Ok(())
    }

    /// Gives one of one's messages another text.
    pub(crate) fn edit(&self, message: MessageId, text: &str) -> Result<()> {
        let words = MessageText::parse(text).context("a text to say")?;
        self.push(&mut self.state.lock(), Work::Edit(message, words));
        Ok(())
    }

    /// Takes one of one's messages back.
    pub(crate) fn delete(&self, message: MessageId) {
        self.push(&mut self.state.lock(), Work::Delete(message));
    }

    fn push(&self, state: &mut State, work: Work) {
        state.unsent.push_back(work);
        self.state.work.notify_one();
    }

    /// What the server has acknowledged, in the order in which it did.
    pub(crate) fn acked(&self) -> Vec<MessageView> {
        self.state.lock().acked.clone()
    }

    /// What was said, in order.
    pub(crate) fn said(&self) -> Vec<(ClientId, String)> {
        self.state.lock().said.clone()
    }

    /// Who they are.
    pub(crate) fn id(&self) -> UserId {
        self.state.lock().me
    }

    /// What is on the screen.
    pub(crate) fn screen(&self) -> Vec<MessageView> {
        self.state.lock().timeline.iter().flat_map(Timeline::messages).cloned().collect()
    }

    /// How many connections there have been.
    pub(crate) fn connections(&self) -> u64 {
        self.state.lock().connections
    }

    /// What the server refused, as it said it.
    pub(crate) fn refused(&self) -> Vec<String> {
        self.state.lock().refused.clone()
    }

    /// Whether the room is on the screen.
    pub(crate) fn is_in(&self) -> bool {
        self.state.lock().timeline.is_some()
    }

    /// Whether everything said is acknowledged.
    pub(crate) fn all_sent(&self) -> bool {
        self.state.lock().unsent.is_empty()
    }

    /// Whether everything said is acknowledged and the screen stands at the room's last revision.
    pub(crate) fn is_settled(&self) -> bool {
        let state = self.state.lock();
        state.caught_up && state.unsent.is_empty()
    }

    /// From now on, until the server has been asked again, nothing counts as caught up.
    pub(crate) fn doubt(&self) {
        self.state.lock().caught_up = false;
    }

    /// Notes from now on how late live messages come, measured from the time at which the server stored them.
    pub(crate) fn measure(&self) {
        self.state.lock().delays = Some(Vec::new());
    }

    /// How late live messages came since [`Person::measure`].
    pub(crate) fn delays(&self) -> Vec<Duration> {
        self.state.lock().delays.take().unwrap_or_default()
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere has been reported; the figures of this person are still good.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits until all are as asked, or `limit` has passed; those who are not.
pub(crate) async fn wait_for(people: &[Person], limit: Duration, done: impl Fn(&Person) -> bool) -> Vec<&Person> {
    let start = Instant::now();
    loop {
        let waiting: Vec<&Person> = people.iter().filter(|person| !done(person)).collect();
        if waiting.is_empty() || start.elapsed() > limit {
            return waiting;
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// Connects again and again.
async fn live(shared: Arc<Shared>, address: SocketAddr, cookie: String) {
    let (first, longest) = RETRY;
    let mut wait = first;
    loop {
        if let Ok(link) = Link::open(address, &cookie).await {
            wait = first;
            shared.lock().connections += 1;
            // Every error here is the end of a connection, which is what this is about.
            let _ended = Session::new(&shared, link).run().await;
            shared.lock().caught_up = false;
        }
        // Not all at the same moment.
        sleep(wait.mul_f64(fastrand::f64() + 0.5)).await;
        wait = (wait * 2).min(longest);
    }
}

/// What goes on over one connection.
struct Session<'a> {
    shared: &'a Shared,
    link: Link,
    asked: HashMap<u64, (Asked, Instant)>,
    /// The room is on the screen and what is live may be said.
    working: bool,
    syncing: bool,
}

impl<'a> Session<'a> {
    fn new(shared: &'a Shared, link: Link) -> Self {
        Self { shared, link, asked: HashMap::new(), working: false, syncing: false }
    }

    async fn run(mut self) -> Result<()> {
        self.ask(Asked::Hello, &Hello {}).await?;
        let mut ticks = interval(HEAD);
        loop {
            tokio::select! {
                incoming = self.link.next() => match incoming? {
                    Incoming::Ack(number, answer) => self.answered(number, answer).await?,
                    Incoming::Event(name, data) if name == Changes::NAME => {
                        let changes: Changes = serde_json::from_value(data)?;
                        self.apply_live(changes).await?;
                    }
                    Incoming::Event(..) => {}
                },
                () = self.shared.work.notified() => self.work().await?,
                _ = ticks.tick() => self.look_around().await?,
            }
        }
    }

    async fn ask<E: ClientEvent>(&mut self, what: Asked, event: &E) -> Result<()> {
        let number = self.link.ask(event).await?;
        self.asked.insert(number, (what, Instant::now()));
        Ok(())
    }

    /// Gives the connection up when it is dead, and finds a change that never came.
    async fn look_around(&mut self) -> Result<()> {
        if self.asked.values().any(|(_, since)| since.elapsed() > PATIENCE) {
            bail!("no answer");
        }
        if self.working { self.ask(Asked::Head, &Head {}).await } else { Ok(()) }
    }

    async fn answered(&mut self, number: u64, answer: Value) -> Result<()> {
        let (asked, _) = self.asked.remove(&number).context("an answer to nothing")?;
        match asked {
            Asked::Hello => {
                let hello: HelloReply = read(answer)?;
                let lobby = hello.rooms.first().context("there is no lobby")?.room.id;
                let known = {
                    let mut state = self.shared.lock();
                    (state.me, state.room) = (hello.me.id, lobby);
                    state.timeline.is_some()
                };
                if known { self.sync().await } else { self.ask(Asked::Open, &Open { room: lobby }).await }
            }
            Asked::Open => {
                let snapshot: RoomSnapshot = read(answer)?;
                self.shared.lock().timeline = Some(Timeline::new(&snapshot));
                self.start_working().await
            }
            Asked::Sync => {
                let reply: SyncReply = read(answer)?;
                self.syncing = false;
                let applied = self.with_timeline(|timeline| timeline.apply_sync(reply));
                if applied.gap { self.sync().await } else { self.start_working().await }
            }
            Asked::Head => {
                let HeadReply { rooms } = read(answer)?;
                let behind = {
                    let mut state = self.shared.lock();
                    let room = state.room;
                    let head = rooms.iter().find(|head| head.room == room).context("no head of the lobby")?;
                    let held = state.timeline.as_ref().map(Timeline::rev);
                    state.caught_up = held == Some(head.membership.rev);
                    held < Some(head.membership.rev)
                };
                if behind { self.sync().await } else { Ok(()) }
            }
            Asked::Work => self.worked(answer).await,
        }
    }

    async fn start_working(&mut self) -> Result<()> {
        if self.working {
            return Ok(());
        }
        self.working = true;
        self.work().await
    }

    /// Sends the oldest that is unsent, unless one is on its way: the next is sent when it is acknowledged.
    async fn work(&mut self) -> Result<()> {
        let on_its_way = self.asked.values().any(|(asked, _)| matches!(asked, Asked::Work));
        if !self.working || on_its_way {
            return Ok(());
        }
        let (room, next) = {
            let state = self.shared.lock();
            (state.room, state.unsent.front().cloned())
        };
        match next {
            Some(Work::Say(client_id, text)) => self.ask(Asked::Work, &Post { room, client_id, text }).await,
            Some(Work::Edit(message, text)) => self.ask(Asked::Work, &Edit { message, text }).await,
            Some(Work::Delete(message)) => self.ask(Asked::Work, &Delete { message }).await,
            None => Ok(()),
        }
    }

    async fn worked(&mut self, answer: Value) -> Result<()> {
        match serde_json::from_value::<Answer<MessageView>>(answer)? {
            Answer::Ok(message) => {
                {
                    let mut state = self.shared.lock();
                    if let Some(Work::Say(..)) = state.unsent.pop_front() {
                        state.acked.push(message.clone());
                    }
                }
                // As the page does: it is on the screen at once. A gap before it is filled by what is on its way, or
                // found by the head.
                self.with_timeline(|timeline| timeline.apply_live(vec![message]));
            }
            Answer::Fault(fault) if fault.code.is_passing() => {
                sleep(RETRY.0).await;
            }
            Answer::Fault(fault) => {
                let mut state = self.shared.lock();
                state.unsent.pop_front();
                state.refused.push(fault.message);
            }
        }
        self.work().await
    }

    async fn apply_live(&mut self, changes: Changes) -> Result<()> {
        let now = now_ms();
        {
            let mut state = self.shared.lock();
            if let Some(delays) = &mut state.delays {
                let late = |change: &MessageView| now.saturating_sub(u64::try_from(change.sent_at.0).unwrap_or(now));
                delays.extend(changes.changes.iter().map(|change| Duration::from_millis(late(change))));
            }
        }
        let applied = self.with_timeline(|timeline| timeline.apply_live(changes.changes));
        if applied.gap { self.sync().await } else { Ok(()) }
    }

    async fn sync(&mut self) -> Result<()> {
        if std::mem::replace(&mut self.syncing, true) {
            return Ok(());
        }
        let (room, since) = {
            let state = self.shared.lock();
            (state.room, state.timeline.as_ref().map(Timeline::rev).unwrap_or_default())
        };
        self.ask(Asked::Sync, &Sync { room, since }).await
    }

    fn with_timeline(&self, change: impl FnOnce(&mut Timeline) -> Applied) -> Applied {
        let mut state = self.shared.lock();
        // What comes before the room has been opened is in what opening it brings.
        state.timeline.as_mut().map_or(Applied { new: Vec::new(), gap: false }, change)
    }
}

fn read<T: DeserializeOwned>(answer: Value) -> Result<T> {
    match serde_json::from_value::<Answer<T>>(answer)? {
        Answer::Ok(reply) => Ok(reply),
        Answer::Fault(fault) => bail!("{fault}"),
    }
}

/// A client id as a page makes it.
pub(crate) fn new_client_id() -> ClientId {
    ClientId::new(now_ms(), std::array::from_fn(|_| fastrand::u8(..)))
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
