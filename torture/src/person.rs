//! A person at a page: reads the lobby and says things in it, whatever happens to the connection.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use madang_client::timeline::Timeline;
use madang_common::{
    id::{ClientId, MessageId, RoomId, UserId},
    message::MessageView,
    text::MessageText,
};
use tokio::{
    sync::Notify,
    task::JoinHandle,
    time::{Instant, sleep},
};

use crate::{forms::Account, session::live};

/// A person; dropped, they leave without a word.
pub(crate) struct Person {
    pub(crate) name: String,
    state: Arc<Shared>,
    task: JoinHandle<()>,
}

/// What a person and their connection share.
pub(crate) struct Shared {
    state: Mutex<State>,
    /// There is something to send.
    pub(crate) work: Notify,
}

/// What a person knows.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) me: UserId,
    pub(crate) room: RoomId,
    pub(crate) timeline: Option<Timeline>,
    /// What is still to be acknowledged, the oldest first.
    pub(crate) unsent: VecDeque<Work>,
    pub(crate) acked: Vec<MessageView>,
    pub(crate) said: Vec<(ClientId, String)>,
    /// The last head that the server told stands in the timeline.
    pub(crate) caught_up: bool,
    pub(crate) connections: u64,
    /// When they tried to connect.
    pub(crate) attempts: Vec<Instant>,
    /// When the server wants them to come back, if it said so.
    pub(crate) back_at: Option<Instant>,
    pub(crate) refused: Vec<String>,
    /// How late each live change came, from the time at which the server stored it: only where it is asked for.
    pub(crate) delays: Option<Vec<Duration>>,
    /// How long each message took from being said to being acknowledged.
    pub(crate) acked_after: Vec<Duration>,
}

/// Something to be sent.
#[derive(Clone)]
pub(crate) enum Work {
    /// A message, and when it was said.
    Say(ClientId, MessageText, Instant),
    Edit(MessageId, MessageText),
    Delete(MessageId),
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
        self.push(&mut state, Work::Say(id, words, Instant::now()));
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

    /// When they tried to connect since [`Person::forget_attempts`].
    pub(crate) fn attempts(&self) -> Vec<Instant> {
        self.state.lock().attempts.clone()
    }

    /// Begins to note anew when they try to connect.
    pub(crate) fn forget_attempts(&self) {
        self.state.lock().attempts.clear();
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

    /// How long each message took from being said to being acknowledged, since this was last asked.
    pub(crate) fn acked_after(&self) -> Vec<Duration> {
        std::mem::take(&mut self.state.lock().acked_after)
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
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

/// A client id as a page makes it.
pub(crate) fn new_client_id() -> ClientId {
    ClientId::new(now_ms(), std::array::from_fn(|_| fastrand::u8(..)))
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
