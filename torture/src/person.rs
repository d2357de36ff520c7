//! A person: reads the lobby and says things in it, whatever happens to the connection. It is the client engine that does,
//! through the driver that programs use.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use madang_client::{
    driver::{Client, Error, Observer, Options, Pace, Posting, Room},
    feed::Event,
    link::Link,
};
use madang_common::{
    id::{ClientId, MessageId, UserId},
    message::MessageView,
    room::LOBBY,
    text::MessageText,
};
use tokio::{
    sync::mpsc,
    task::JoinHandle,
    time::{Instant, sleep},
};

use crate::forms::Account;

/// Harder than the page: it comes back sooner, gives a connection up sooner, and asks more often how far the room has come.
pub(crate) const PACE: Pace = Pace {
    first_retry: Duration::from_millis(50),
    longest_retry: Duration::from_secs(1),
    patience: Duration::from_secs(10),
    head: Duration::from_secs(1),
};

/// A person; dropped, they leave without a word.
pub(crate) struct Person {
    pub(crate) name: String,
    client: Client,
    state: Arc<Shared>,
    /// What was said and done, one after another.
    work: mpsc::UnboundedSender<Work>,
    tasks: [JoinHandle<()>; 2],
}

/// What a person and those who work for them share.
#[derive(Default)]
struct Shared(Mutex<State>);

/// What a person knows besides what their client does.
#[derive(Default)]
struct State {
    /// How much of what was said and done is not acknowledged.
    unsent: usize,
    acked: Vec<MessageView>,
    said: Vec<(ClientId, String)>,
    connections: u64,
    /// When they tried to connect.
    attempts: Vec<Instant>,
    /// What the server refused for good, and what the engine had to complain of.
    refused: Vec<String>,
    /// How late each message came, from the time at which the server stored it: only where it is asked for.
    delays: Option<Vec<Duration>>,
    /// How long each message took from being said to being acknowledged.
    acked_after: Vec<Duration>,
    /// The room has been followed.
    is_in: bool,
}

/// Something that is waited for.
enum Work {
    Said(Posting, Instant),
    Edit(MessageId, MessageText),
    Delete(MessageId),
}

impl Person {
    /// Joins Madang at `server` and keeps a connection to `through`, which leads there.
    pub(crate) async fn join(server: SocketAddr, through: SocketAddr, name: &str) -> Result<Self> {
        Self::connect(&Account::new(server, name).await?, through, name).await
    }

    /// As [`Person::join`], with a session that exists.
    pub(crate) async fn connect(account: &Account, through: SocketAddr, name: &str) -> Result<Self> {
        let state = Arc::<Shared>::default();
        // All that was ever shown is compared in the end.
        let options = Options { pace: PACE, keep: usize::MAX, observer: state.clone(), ..Options::default() };
        let server = format!("http://{through}").parse()?;
        let client = Client::start(server, account.session.clone(), options).await?;
        let (work, waiting) = mpsc::unbounded_channel();
        let reading = tokio::spawn(read(client.clone(), state.clone()));
        let working = tokio::spawn(do_all(client.clone(), state.clone(), waiting));
        Ok(Self { name: name.to_owned(), client, state, work, tasks: [reading, working] })
    }

    /// Says something; it is sent until it is acknowledged.
    pub(crate) fn say(&self, text: &str) -> Result<()> {
        let words = MessageText::parse(text).context("a text to say")?;
        let lobby =
            self.client.rooms().joined().next().map(|(room, _)| room.id).context("who says something is in")?;
        let posting = self.client.post(lobby, words);
        self.state.lock().said.push((posting.client_id(), text.to_owned()));
        self.push(Work::Said(posting, Instant::now()))
    }

    /// Gives one of one's messages another text.
    pub(crate) fn edit(&self, message: MessageId, text: &str) -> Result<()> {
        let words = MessageText::parse(text).context("a text to say")?;
        self.push(Work::Edit(message, words))
    }

    /// Takes one of one's messages back.
    pub(crate) fn delete(&self, message: MessageId) -> Result<()> {
        self.push(Work::Delete(message))
    }

    fn push(&self, work: Work) -> Result<()> {
        self.state.lock().unsent += 1;
        self.work.send(work).ok().context("nobody works any more")
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
        self.client.me().map(|me| me.id).unwrap_or_default()
    }

    /// What is on the screen.
    pub(crate) fn screen(&self) -> Vec<MessageView> {
        self.client.with_view(|view| view.open.0.iter().flat_map(|open| open.timeline.messages()).cloned().collect())
    }

    /// How many connections there have been.
    pub(crate) fn connections(&self) -> u64 {
        self.state.lock().connections
    }

    /// When they tried to connect since [`Person::forget_attempts`].
    pub(crate) fn attempts(&self) -> Vec<Instant> {
        self.state.lock().attempts.clone()
    }

    /// Begins to note anew when they try to connect.
    pub(crate) fn forget_attempts(&self) {
        self.state.lock().attempts.clear();
    }

    /// What the server refused, as it said it, and what went wrong besides.
    pub(crate) fn refused(&self) -> Vec<String> {
        self.state.lock().refused.clone()
    }

    /// Whether the room is on the screen.
    pub(crate) fn is_in(&self) -> bool {
        self.state.lock().is_in
    }

    /// Whether everything said is acknowledged.
    pub(crate) fn all_sent(&self) -> bool {
        self.state.lock().unsent == 0
    }

    /// Whether everything said is acknowledged and the screen stands where the server does, which has been asked since
    /// [`Person::doubt`]. Asks it, where that is not known.
    pub(crate) fn is_settled(&self) -> bool {
        let (is_live, is_asking, is_known) = self.client.with_view(|view| {
            let rev = view.open.0.as_ref().map(|open| open.timeline.rev());
            let is_known = view.check.0.done.is_some_and(|(compared, _)| Some(compared) == rev);
            (view.link.0 == Link::Live, view.check.0.running, is_known)
        });
        if is_live && !is_asking && !is_known {
            self.client.compare();
        }
        is_live && !is_asking && is_known && self.is_in() && self.all_sent()
    }

    /// From now on, until the server has been asked again, nothing counts as caught up.
    pub(crate) fn doubt(&self) {
        self.client.compare();
    }

    /// Notes from now on how late messages come, measured from the time at which the server stored them.
    pub(crate) fn measure(&self) {
        self.state.lock().delays = Some(Vec::new());
    }

    /// How late messages came since [`Person::measure`].
    pub(crate) fn delays(&self) -> Vec<Duration> {
        self.state.lock().delays.take().unwrap_or_default()
    }

    /// How long each message took from being said to being acknowledged, since this was last asked.
    pub(crate) fn acked_after(&self) -> Vec<Duration> {
        std::mem::take(&mut self.state.lock().acked_after)
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere has been reported; the figures of this person are still good.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Shared {
    fn connecting(&self) {
        self.lock().attempts.push(Instant::now());
    }

    fn connected(&self) {
        self.lock().connections += 1;
    }

    // Every error here is the end of a connection, which is what this is about.
    fn disconnected(&self, _: &Error) {}

    fn complained(&self, what: &str, why: &str) {
        self.lock().refused.push(format!("{what}: {why}"));
    }
}

/// Follows the lobby, and notes how late everything comes.
async fn read(client: Client, state: Arc<Shared>) {
    let Some(mut lobby) = enter(&client).await else { return };
    state.lock().is_in = true;
    while let Some(event) = lobby.next().await {
        let now = now_ms();
        if let (Event::New(message), Some(delays)) = (event, &mut state.lock().delays) {
            let late = now.saturating_sub(u64::try_from(message.sent_at.0).unwrap_or(now));
            delays.push(Duration::from_millis(late));
        }
    }
}

/// The lobby, once the server lets one follow it; none when the session is over.
async fn enter(client: &Client) -> Option<Room> {
    loop {
        match client.follow(LOBBY).await {
            Ok(lobby) => return Some(lobby),
            Err(Error::Fault(fault)) if fault.code.is_passing() => sleep(PACE.first_retry).await,
            Err(_) => return None,
        }
    }
}

/// Waits for one thing after another, and does what the outbox does not hold.
async fn do_all(client: Client, state: Arc<Shared>, mut waiting: mpsc::UnboundedReceiver<Work>) {
    while let Some(work) = waiting.recv().await {
        let done = match work {
            Work::Said(posting, said) => posting.await.map(|message| {
                let mut state = state.lock();
                state.acked.push(message);
                state.acked_after.push(said.elapsed());
            }),
            Work::Edit(message, text) => insist(|| client.edit(message, text.clone())).await,
            Work::Delete(message) => insist(|| client.delete(message)).await,
        };
        let mut state = state.lock();
        if let Err(error) = done {
            state.refused.push(error.to_string());
        }
        state.unsent -= 1;
    }
}

/// Asks for something until it is granted or refused for good.
async fn insist<F: Future<Output = Result<(), Error>>>(ask: impl Fn() -> F) -> Result<(), Error> {
    loop {
        match ask().await {
            Err(Error::Fault(fault)) if fault.code.is_passing() => sleep(PACE.first_retry).await,
            done => return done,
        }
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

/// A client id as a page makes it.
pub(crate) fn new_client_id() -> ClientId {
    ClientId::new(now_ms(), std::array::from_fn(|_| fastrand::u8(..)))
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
