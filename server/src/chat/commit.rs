//! The committer: the only way to change anything is a command that it runs.
//!
//! The committer takes whatever commands are waiting, runs them in one transaction, commits, and hands them on to a task
//! that publishes what changed and only then answers. So the price of a commit is shared, what is acknowledged is on the
//! disk, all see the changes in one order, and no commit waits for those who hear of the one before. Commands run one
//! after another, so a rule that was checked still holds when it writes.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::future::BoxFuture;
use madang_common::{
    fault::FaultCode,
    id::{ClientId, RoomId},
    time::UnixMillis,
};
use sqlx::{Connection, SqliteConnection};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use super::commit::checkpoint::Quiet;
use crate::{
    chat::Presence,
    clock::Clock,
    disk::Disk,
    error::Refusal,
    publish::{Effects, Publisher},
    secret,
    store::{PausedReaders, StoreError, Writer, users},
};

mod checkpoint;
#[cfg(test)]
pub(super) mod fixtures;
pub(super) mod probe;
#[cfg(test)]
mod tests;

/// Commands that may wait. Beyond that, whoever brings one waits, and in the end the socket that sent it.
const QUEUE: usize = 1024;
const NO_SPACE: &str = "The server's disk is nearly full, so nothing new can be stored. Please try again later.";

/// Transactions that may wait to be published. Beyond that, the committer waits.
const UNPUBLISHED: usize = 8;

/// How long the log's emptying waits for those who read.
const READERS_END: Duration = Duration::from_secs(1);

/// People whose time of being last seen is put right in one transaction, after the clock was.
const UNSEEN_AT_ONCE: usize = 1_000;

/// Something that changes what is stored.
pub(crate) trait Command: Send + Sync + 'static {
    /// What the one who asked gets.
    type Reply: Send + 'static;
    /// Whether the database grows by it for good, so that it is refused while the disk is nearly full.
    const GROWS: bool = false;

    /// Checks the rule, then writes. A refusal comes before the first write, for the transaction is shared. After a
    /// failure of the database it is run again, alone.
    ///
    /// Everyone waits for it, so what it costs must not grow with what is stored or who is there. What acts for a person
    /// checks here that their session stands, for it may have ended while the command waited.
    fn run(&self, change: &mut Change<'_>) -> impl Future<Output = Result<Self::Reply, Refusal>> + Send;
}

/// A transaction in the making, and what is to be told when it is committed.
pub(crate) struct Change<'a> {
    pub(crate) conn: &'a mut SqliteConnection,
    pub(crate) effects: &'a mut Effects,
    pub(crate) presence: &'a Presence,
    pub(crate) lobby: RoomId,
    pub(crate) now: UnixMillis,
}

impl Change<'_> {
    /// An id for a message of the server's own.
    pub(crate) fn client_id(&self) -> ClientId {
        secret::client_id(self.now)
    }
}

/// Brings commands to the committer; a cheap handle.
#[derive(Clone)]
pub(crate) struct Committer {
    queue: mpsc::Sender<Box<dyn Job>>,
    disk: Disk,
    failing: Failing,
}

/// Whether a transaction has failed since something was last known to be written.
#[derive(Clone, Default)]
struct Failing(Arc<AtomicBool>);

impl Failing {
    fn set(&self, failing: bool) {
        self.0.store(failing, Ordering::Relaxed);
    }

    fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Committer {
    /// Runs a command and waits until what it changed is on the disk and published.
    ///
    /// # Errors
    /// The command's refusal, [`Refusal::NotCommitted`], or `Unavailable` when the disk has no space for it.
    pub(crate) async fn commit<C: Command>(&self, command: C) -> Result<C::Reply, Refusal> {
        if C::GROWS && self.disk.is_low() {
            return Err(Refusal::fault(FaultCode::Unavailable, NO_SPACE));
        }
        let (reply, answer) = oneshot::channel();
        let job = Box::new(QueuedCommand { command, outcome: None, reply });
        self.queue.send(job).await.map_err(|_| Refusal::NotCommitted)?;
        answer.await.map_err(|_| Refusal::NotCommitted)?
    }
}

/// The committer, to be spawned, and the handle to it. It puts at most `batch` commands into one transaction. It ends
/// when `shutdown` is cancelled and what is waiting has been done, and gives the writer back.
pub(crate) fn committer(
    batch: usize,
    disk: Disk,
    writer: Writer,
    publisher: Publisher,
    presence: Presence,
    clock: Clock,
    shutdown: CancellationToken,
) -> (Committer, impl Future<Output = Writer> + Send) {
    let (queue, waiting) = mpsc::channel(QUEUE);
    let worker = Worker::new(writer, presence, clock);
    let committer = Committer { queue, disk, failing: worker.failing.clone() };
    let work = async move {
        let (committed, unpublished) = mpsc::channel(UNPUBLISHED);
        let publishing = tokio::spawn(publish(publisher, unpublished));
        let writer = worker.work(batch, waiting, committed, shutdown).await;
        if publishing.await.is_err() {
            tracing::error!("publishing failed");
        }
        writer
    };
    (committer, work)
}

/// Publishes what was committed, in order, and answers.
async fn publish(publisher: Publisher, mut unpublished: mpsc::Receiver<Committed>) {
    while let Some(committed) = unpublished.recv().await {
        committed.publish(&publisher).await;
    }
}

/// What a transaction stored, and who waits for it.
struct Committed {
    effects: Effects,
    jobs: Vec<Box<dyn Job>>,
}

impl Committed {
    async fn publish(self, publisher: &Publisher) {
        publisher.publish(self.effects).await;
        self.jobs.into_iter().for_each(Job::answer);
    }
}

struct Worker {
    writer: Writer,
    /// The writer's last transaction failed.
    failed: bool,
    failing: Failing,
    quiet: Quiet,
    presence: Presence,
    clock: Clock,
    /// The time of the last transaction.
    last: UnixMillis,
    /// Times of the future may be stored, because the clock went back.
    ahead: bool,
}

impl Worker {
    fn new(writer: Writer, presence: Presence, clock: Clock) -> Self {
        // What an earlier process stored is looked at, too.
        Self {
            writer,
            failed: false,
            failing: Failing::default(),
            quiet: Quiet::default(),
            presence,
            clock,
            last: UnixMillis(i64::MIN),
            ahead: true,
        }
    }

    async fn work(
        mut self,
        batch: usize,
        mut waiting: mpsc::Receiver<Box<dyn Job>>,
        committed: mpsc::Sender<Committed>,
        shutdown: CancellationToken,
    ) -> Writer {
        let mut jobs = Vec::with_capacity(batch);
        let mut pausing: Option<BoxFuture<'static, Option<PausedReaders>>> = None;
        loop {
            let due = self.quiet.due();
            let quiet = async {
                match due {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                count = waiting.recv_many(&mut jobs, batch) => if count == 0 { return self.writer },
                () = shutdown.cancelled(), if !waiting.is_closed() => { waiting.close(); continue }
                () = quiet, if pausing.is_none() => {
                    if !self.empty_log().await {
                        // Who always reads would keep it from being emptied. Commits go on while readers come to their end.
                        pausing = Some(Box::pin(pause(self.writer.pause_readers())));
                    }
                    continue
                }
                paused = async { pausing.as_mut().expect("it is there").await }, if pausing.is_some() => {
                    pausing = None;
                    if paused.is_some() {
                        self.empty_log().await;
                    }
                    continue
                }
            }
            for batch in self.commit(std::mem::take(&mut jobs)).await {
                if committed.send(batch).await.is_err() {
                    // What is stored and never told would be missed until the next reload.
                    tracing::error!("nobody publishes any more; nothing more is stored");
                    return self.writer;
                }
            }
            self.quiet.wrote(Instant::now());
        }
    }

    /// Takes what was deleted off the disk. Answers whether nobody was in the way.
    async fn empty_log(&mut self) -> bool {
        let outcome = self.writer.empty_log().await;
        match &outcome {
            Ok(true) => {
                self.quiet.emptied();
                return true;
            }
            Ok(false) => tracing::debug!("the database's log is still read"),
            Err(error) => tracing::warn!(%error, "emptying the database's log"),
        }
        self.quiet.wrote(Instant::now());
        outcome.is_err()
    }

    /// Commits jobs, together if that can be done. Those that cannot be committed are answered at once.
    async fn commit(&mut self, mut jobs: Vec<Box<dyn Job>>) -> Vec<Committed> {
        match self.transact(&mut jobs).await {
            Ok(effects) => return vec![Committed { effects, jobs }],
            Err(error) => {
                self.failing.set(true);
                tracing::warn!(%error, commands = jobs.len(), "a commit failed; running its commands one by one");
            }
        }
        // One command's trouble must not be the others'.
        let mut committed = Vec::with_capacity(jobs.len());
        for mut job in jobs {
            match self.transact(std::slice::from_mut(&mut job)).await {
                Ok(effects) => committed.push(Committed { effects, jobs: vec![job] }),
                Err(error) => {
                    tracing::error!(%error, command = job.name(), "committing a command");
                    job.fail();
                }
            }
        }
        committed
    }

    async fn transact(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<Effects, StoreError> {
        if self.failed {
            self.writer.renew().await?;
        }
        // Until it has been done, also if this is dropped half-way.
        self.failed = true;
        let effects = self.run(jobs).await?;
        self.failed = false;
        for user in effects.ended() {
            self.presence.end(*user);
        }
        Ok(effects)
    }

    /// Runs commands in one transaction and commits it.
    async fn run(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<Effects, StoreError> {
        let now = self.clock.now();
        let ahead = self.ahead || now.0 < self.last.0;
        let lobby = self.writer.lobby;
        let mut effects = Effects::default();
        let mut transaction = self.writer.conn.begin().await?;
        let mut still_ahead = false;
        if ahead {
            // A clock that was years ahead for a moment would keep the names of all who were seen in it for years.
            still_ahead = users::unsee_future(&mut transaction, now, UNSEEN_AT_ONCE).await? == UNSEEN_AT_ONCE;
        }
        for job in jobs {
            let presence = &self.presence;
            job.run(&mut Change { conn: &mut transaction, effects: &mut effects, presence, lobby, now }).await?;
        }
        transaction.commit().await?;
        (self.last, self.ahead) = (now, still_ahead);
        Ok(effects)
    }
}

/// Waits for readers to come to their end, but not for long: meanwhile fewer and fewer can read.
async fn pause(pausing: impl Future<Output = Result<PausedReaders, StoreError>>) -> Option<PausedReaders> {
    match timeout(READERS_END, pausing).await {
        Ok(Ok(paused)) => Some(paused),
        Ok(Err(error)) => {
            tracing::warn!(%error, "pausing those who read");
            None
        }
        Err(_) => {
            tracing::debug!("somebody reads for long; the database's log is emptied later");
            None
        }
    }
}

/// A command with its type forgotten.
trait Job: Send {
    fn name(&self) -> &'static str;
    fn run<'a>(&'a mut self, change: &'a mut Change<'_>) -> BoxFuture<'a, Result<(), StoreError>>;
    fn answer(self: Box<Self>);
    fn fail(self: Box<Self>);
}

struct QueuedCommand<C: Command> {
    command: C,
    outcome: Option<Result<C::Reply, Refusal>>,
    reply: oneshot::Sender<Result<C::Reply, Refusal>>,
}

impl<C: Command> Job for QueuedCommand<C> {
    fn name(&self) -> &'static str {
        std::any::type_name::<C>()
    }

    fn run<'a>(&'a mut self, change: &'a mut Change<'_>) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            match self.command.run(change).await {
                Err(Refusal::Store(error)) => return Err(error),
                outcome => self.outcome = Some(outcome),
            }
            Ok(())
        })
    }

    fn answer(self: Box<Self>) {
        let outcome = self.outcome.unwrap_or(Err(Refusal::NotCommitted));
        // Whoever asked may have gone; the change stands all the same.
        drop(self.reply.send(outcome));
    }

    fn fail(self: Box<Self>) {
        drop(self.reply.send(Err(Refusal::NotCommitted)));
    }
}
