//! One reader that stops reading among many: it costs the others nothing.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result, bail};
use tokio::time::{Instant, sleep};

use super::{MEMORY, Outcome, judge, memory, people};
use crate::{
    forms::Account,
    percentile::percentile,
    person::{Person, new_client_id, wait_for},
    proxy::{Proxy, Weather},
    server::Server,
};

pub(super) const PEOPLE: usize = 1_000;
/// Between two messages.
const PAUSE: Duration = Duration::from_millis(250);
/// What the stalled reader is sent alone, in a room of its own: more than the kernel's buffers and the server's hold.
const NOISE: usize = 3_000;
/// How long each message of the noise is, in characters.
const LENGTH: usize = 4_000;
/// How much the others may be slowed down at the 99th percentile.
const FACTOR: f64 = 1.2;
/// Differences below the clock's own grain and the scheduler's are no slowing down.
const GRAIN: Duration = Duration::from_millis(10);

pub(super) fn time(short: bool) -> Duration {
    Duration::from_secs(if short { 10 } else { 60 })
}

pub(super) async fn run(binary: &Path, time: Duration) -> Result<Outcome> {
    let server = Server::start(binary).await?;
    let proxy = Proxy::start(server.address).await?;
    let mut everyone = people(server.address, server.address, PEOPLE - 1).await?;
    let account = Account::new(server.address, "stalled").await?;
    everyone.push(Person::connect(&account, proxy.address, "stalled").await?);
    if !wait_for(&everyone, super::SETTLE, Person::is_settled).await.is_empty() {
        bail!("not everyone came in");
    }
    let (stalled, others) = everyone.split_last().context("there is nobody")?;

    let without = round(others, time).await?;
    proxy.trouble(|_| 0, Weather::Stalled);
    make_noise(&account).await?;
    let with = round(others, time).await?;
    let memory = memory(&server)?;
    let is_behind = stalled.screen().len() < others[0].screen().len();
    // It comes back as a laptop does that wakes up.
    proxy.close();
    proxy.reopen();
    let mut verdict = judge(server.address, &everyone).await?;
    if !is_behind {
        verdict.complain("the stalled reader read on, so nothing was tested");
    }
    if with > without.mul_f64(FACTOR).max(without + GRAIN) {
        verdict.complain(format!("p99 of the others went from {without:?} to {with:?}"));
    }
    if memory >= MEMORY {
        verdict.complain(format!("the server held {memory} MB"));
    }
    let figures = format!(
        "p99 {} ms without, {} ms with the stalled reader, server at most {memory} MB",
        without.as_millis(),
        with.as_millis()
    );
    Ok(Outcome { verdict, figures })
}

/// Fills what lies between the server and the stalled reader, for nobody else to hear.
async fn make_noise(account: &Account) -> Result<()> {
    account.post("/rooms", &[("name", "noise"), ("topic", "")]).await?;
    let text = "n".repeat(LENGTH);
    for _ in 0..NOISE {
        let client_id = new_client_id().to_string();
        account.post("/r/noise/messages", &[("text", &text), ("client_id", &client_id)]).await?;
    }
    Ok(())
}

/// One talks for a while; the 99th percentile of how late the others get it.
async fn round(others: &[Person], time: Duration) -> Result<Duration> {
    others.iter().for_each(Person::measure);
    let start = Instant::now();
    let mut number = 0;
    while start.elapsed() < time {
        number += 1;
        others[0].say(&format!("text {number}"))?;
        sleep(PAUSE).await;
    }
    if !wait_for(others, super::SETTLE, Person::all_sent).await.is_empty() {
        bail!("not everything was sent");
    }
    percentile(others.iter().flat_map(Person::delays).collect(), 99).context("nothing was heard")
}
