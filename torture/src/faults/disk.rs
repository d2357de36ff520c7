//! A disk that is full, then free again; and one that takes no writes for a while.

use std::{path::Path, time::Duration};

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep};

use super::{Outcome, judge, people};
use crate::{
    disk::Disk,
    forms::Account,
    person::{Person, wait_for},
    server::Server,
    verdict::Verdict,
};

pub(super) const PEOPLE: usize = 20;
/// What each says while nothing can be stored, and how long each text is: more than the database could take in without
/// growing.
const TEXTS: usize = 5;
const LENGTH: usize = 3_900;
/// How long nothing can be stored.
const TROUBLE: Duration = Duration::from_secs(3);
/// How soon posting must work again.
const RECOVERY: Duration = Duration::from_secs(10);

pub(super) async fn run(binary: &Path) -> Result<Outcome> {
    let disk = Disk::small();
    let server = Server::start_on(binary, disk).await?;
    let mounted = server.disk()?;
    let reader = Account::new(server.address, "reader").await?;
    let people = people(server.address, server.address, PEOPLE).await?;
    let mut trouble = Trouble { reader, people, verdict: Verdict::default() };

    // Said in the row, so that nobody takes one for the other.
    let mut full = "NOT TRIED: no small disk can be mounted here".to_owned();
    if disk == Disk::Small {
        mounted.fill()?;
        let recovered = trouble.live_through("full", || mounted.free()).await?;
        full = format!("again {} ms after there was space", recovered.as_millis());
    }
    mounted.forbid()?;
    let recovered = trouble.live_through("unwritable", || mounted.permit()).await?;

    let mut verdict = judge(server.address, &trouble.people).await?;
    trouble.verdict.complaints.into_iter().for_each(|complaint| verdict.complain(complaint));
    let figures = format!("full: {full}; unwritable: again {} ms after it could be written", recovered.as_millis());
    Ok(Outcome { verdict, figures })
}

/// What goes on while nothing can be stored.
struct Trouble {
    reader: Account,
    people: Vec<Person>,
    verdict: Verdict,
}

impl Trouble {
    /// People say something that cannot be stored, and read, until `mend` is called; gives the time from there until
    /// everything is stored.
    async fn live_through(&mut self, what: &str, mend: impl FnOnce() -> Result<()>) -> Result<Duration> {
        let long = "n".repeat(LENGTH);
        for person in &self.people {
            for number in 1..=TEXTS {
                person.say(&format!("{what} {number} {long}"))?;
            }
        }
        let address = self.reader.server;
        let comes_back = Person::connect(&self.reader, address, "reader").await?;
        if !wait_for(std::slice::from_ref(&comes_back), TROUBLE, Person::is_in).await.is_empty() {
            self.verdict.complain(format!("{what}: who comes back cannot read"));
        }
        if let Err(error) = self.reader.get("/r/lobby").await {
            self.verdict.complain(format!("{what}: the page cannot be read: {error:#}"));
        }
        sleep(TROUBLE).await;
        if self.people.iter().all(Person::all_sent) {
            self.verdict.complain(format!("{what}: everything could be stored, so nothing was tested"));
        }
        mend()?;
        let start = Instant::now();
        if !wait_for(&self.people, RECOVERY, Person::all_sent).await.is_empty() {
            bail!("{what}: posting does not work again");
        }
        Ok(start.elapsed())
    }
}
