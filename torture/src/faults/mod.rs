//! The faults, one file each.

use std::{net::SocketAddr, path::Path, time::Duration};

use anyhow::{Result, bail};
use clap::ValueEnum;
use tokio::time::Instant;

use crate::{
    hostile::Attack,
    person::{Person, wait_for},
    server::Server,
    verdict::Verdict,
};

mod away;
mod bots;
mod cuts;
mod disk;
mod hostile;
mod kill;
mod restart;
mod stalled;

/// How long people may take to come in, or to be up to date again once the fault is over.
const SETTLE: Duration = Duration::from_secs(60);
/// How long what was asked for before may go on to be stored.
const STILL_COMING: Duration = Duration::from_secs(5);

/// What the server must stay below with all that is done to it here, in MB.
const MEMORY: u64 = 200;

/// A fault to bring about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Fault {
    /// The server is killed amid a burst of posts
    Kill,
    /// Connections are cut, delayed and half open
    Cuts,
    /// A client is away for thousands of changes
    Away,
    /// One reader stops reading among many
    Stalled,
    /// The server is restarted with many clients connected
    Restart,
    /// The disk is full, then takes no writes, then is well again
    Disk,
    /// Bots are cut off, and restarted amid what they say
    Bots,
    /// Hostile clients of every kind
    Hostile,
}

/// How much of a fault is brought about.
#[derive(Clone, Copy)]
pub(crate) struct Scale<'a> {
    /// As much as fits into the checks.
    pub(crate) short: bool,
    /// What hostile clients do.
    pub(crate) attacks: &'a [Attack],
}

/// What came of a fault.
pub(crate) struct Outcome {
    /// The answers to the questions that every fault is asked.
    pub(crate) verdict: Verdict,
    /// What else was measured, in words.
    pub(crate) figures: String,
}

impl Fault {
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// What will be done, for the table.
    pub(crate) fn describe(self, Scale { short, attacks }: Scale<'_>) -> String {
        match self {
            Self::Kill => format!("{} kills, {} clients", kill::times(short), kill::PEOPLE),
            Self::Cuts => format!("{} cuts, {} clients", cuts::times(short), cuts::PEOPLE),
            Self::Away => format!("{} messages missed", away::messages(short)),
            Self::Restart => format!("{} restarts, {} clients", restart::times(short), restart::people_of(short)),
            Self::Bots => format!("{} rounds of {} texts, 2 bots", bots::times(short), bots::TEXTS),
            Self::Disk => format!("a full disk, {} clients", disk::PEOPLE),
            Self::Hostile => format!("{} kinds, {} s each", attacks.len(), hostile::time(short).as_secs()),
            Self::Stalled => format!("1 of {} stalled for {} s", stalled::PEOPLE, stalled::time(short).as_secs()),
        }
    }

    /// Brings it about.
    ///
    /// # Errors
    /// When it could not be brought about; what the server did wrong is in the outcome.
    pub(crate) async fn bring_about(self, server: &Path, Scale { short, attacks }: Scale<'_>) -> Result<Outcome> {
        match self {
            Self::Kill => kill::run(server, kill::times(short)).await,
            Self::Cuts => cuts::run(server, cuts::times(short)).await,
            Self::Away => away::run(server, away::messages(short)).await,
            Self::Stalled => stalled::run(server, stalled::time(short)).await,
            Self::Bots => bots::run(server, bots::times(short)).await,
            Self::Disk => disk::run(server).await,
            Self::Hostile => hostile::run(server, hostile::time(short), attacks).await,
            Self::Restart => restart::run(server, restart::times(short), restart::people_of(short)).await,
        }
    }
}

/// So many people in the lobby, connected to `through`.
async fn people(server: SocketAddr, through: SocketAddr, count: usize) -> Result<Vec<Person>> {
    let mut people = Vec::with_capacity(count);
    for number in 1..=count {
        people.push(Person::join(server, through, &format!("person-{number}")).await?);
    }
    let outside = wait_for(&people, SETTLE, Person::is_in).await.len();
    if outside > 0 {
        bail!("{outside} people could not come in");
    }
    Ok(people)
}

/// Waits until everyone is up to date, then answers the questions.
async fn judge(server: SocketAddr, people: &[Person]) -> Result<Verdict> {
    let start = Instant::now();
    loop {
        people.iter().for_each(Person::doubt);
        let late = wait_for(people, SETTLE, Person::is_settled).await;
        let mut verdict = Verdict::of(server, people).await?;
        if !late.is_empty() {
            let late: Vec<_> = late.iter().map(|late| late.name.as_str()).collect();
            verdict.complain(format!("not up to date after {SETTLE:?}: {}", late.join(", ")));
        }
        // Somebody who was amid joining may have come between looking at the screens and loading anew.
        if !verdict.is_only_screens() || start.elapsed() > STILL_COMING {
            return Ok(verdict);
        }
    }
}

/// The most memory that the server has held so far, in MB.
fn memory(server: &Server) -> Result<u64> {
    Ok(server.most_memory()?.div_ceil(1_000_000))
}
