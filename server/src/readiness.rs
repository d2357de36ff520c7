//! Readiness: whether the server can serve, as `/health` reports it.
//!
//! [`QUESTIONS`] is the list of what is asked. It is asked at most once a second, whoever wants to know and however often,
//! and by one task at a time: a watcher costs the writer next to nothing, and so does who pretends to be a thousand.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Mutex, time::timeout};

use crate::{chat::Chat, clock::Clock, net::limits::Limits};

/// How long an answer holds.
const HOLDS: Duration = Duration::from_secs(1);
/// How long a question may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is asked, in this order; the first that fails is the answer.
const QUESTIONS: [Question; 5] =
    [Question::Running, Question::Reading, Question::Writing, Question::Space, Question::Places];

/// What a server must be able to do.
#[derive(Clone, Copy, Debug)]
enum Question {
    /// It is not about to stop.
    Running,
    /// The database can be read.
    Reading,
    /// What people change is stored.
    Writing,
    /// The disk has space for what is new.
    Space,
    /// A newcomer gets a connection and a session.
    Places,
}

/// Asks whether the server can serve; a cheap handle.
#[derive(Clone)]
pub(crate) struct Readiness(Arc<Inner>);

struct Inner {
    chat: Chat,
    limits: Limits,
    clock: Clock,
    last: Mutex<Option<Verdict>>,
}

/// What was found, and when by the clock.
#[derive(Clone, Copy, Debug)]
struct Verdict {
    at: Duration,
    outcome: Result<(), &'static str>,
}

impl Readiness {
    pub(crate) fn new(chat: Chat, limits: Limits, clock: Clock) -> Self {
        Self(Arc::new(Inner { chat, limits, clock, last: Mutex::default() }))
    }

    /// Whether the server can serve.
    ///
    /// # Errors
    /// Why not, in a sentence for the operator.
    pub(crate) async fn ask(&self) -> Result<(), &'static str> {
        // A task of its own: whoever asks and goes away does not have it begun again and again.
        let this = self.clone();
        let asked = tokio::spawn(async move { this.0.outcome().await }).await;
        asked.unwrap_or(Err("looking for what is wrong failed"))
    }
}

impl Inner {
    async fn outcome(&self) -> Result<(), &'static str> {
        let mut last = self.last.lock().await;
        if let Some(verdict) = last.filter(|verdict| self.clock.elapsed().saturating_sub(verdict.at) < HOLDS) {
            return verdict.outcome;
        }
        let outcome = self.look().await;
        match (outcome, last.map(|verdict| verdict.outcome)) {
            (Err(reason), None | Some(Ok(()))) => tracing::warn!(reason, "not ready"),
            (Ok(()), Some(Err(_))) => tracing::info!("ready again"),
            _ => {}
        }
        *last = Some(Verdict { at: self.clock.elapsed(), outcome });
        outcome
    }

    async fn look(&self) -> Result<(), &'static str> {
        for question in QUESTIONS {
            match timeout(PATIENCE, self.answer(question)).await {
                Ok(answer) => answer?,
                Err(_) => return Err(question.without_answer()),
            }
        }
        Ok(())
    }

    async fn answer(&self, question: Question) -> Result<(), &'static str> {
        match question {
            Question::Running if self.chat.is_stopping() => Err("the server is about to stop"),
            Question::Running => Ok(()),
            Question::Reading => self.chat.ping().await.map_err(|refusal| {
                refusal.into_fault("checking whether the database can be read");
                "the database cannot be read"
            }),
            Question::Writing => self.chat.probe_writer().await.map_err(|refusal| {
                refusal.into_fault("checking whether changes are stored");
                "changes cannot be stored"
            }),
            Question::Space if self.chat.disk_is_low() => Err("the disk is nearly full: nothing new is stored"),
            Question::Space => Ok(()),
            Question::Places => self.limits.newcomer(),
        }
    }
}

impl Question {
    /// What is said when it is not answered in time.
    fn without_answer(self) -> &'static str {
        match self {
            Self::Running | Self::Space | Self::Places => "the server does not answer in time",
            Self::Reading => "the database does not answer in time",
            Self::Writing => "changes are not stored in time",
        }
    }
}
