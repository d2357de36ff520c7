//! Hostile clients of each kind in turn, while an ordinary pair talks on.

use std::{path::Path, time::Duration};

use anyhow::Result;
use tokio::time::{Instant, sleep};

use super::{MEMORY, Outcome, judge, memory, people};
use crate::{
    hostile::{Attack, Siege},
    percentile::percentile,
    person::{Person, wait_for},
    server::Server,
};

/// Who talk.
const PAIR: usize = 2;
/// Between two messages: slower than anyone may be.
const PAUSE: Duration = Duration::from_millis(300);
/// How long what was said may take to be acknowledged, while the server is under attack.
const ACKED: Duration = Duration::from_secs(5);

pub(super) fn time(short: bool) -> Duration {
    Duration::from_secs(if short { 4 } else { 60 })
}

pub(super) async fn run(binary: &Path, time: Duration, attacks: &[Attack]) -> Result<Outcome> {
    // As anyone starts it: the limits are part of what is tried.
    let server = Server::start_limited(binary).await?;
    let pair = people(server.address, server.address, PAIR).await?;
    let mut late = Vec::new();
    let mut complaints = Vec::new();
    let mut attempts = 0;
    for attack in attacks {
        let siege = Siege::begin(server.address, *attack)?;
        let (delay, stuck) = talk(&pair, time).await?;
        attempts += siege.tried();
        let memory = memory(&server)?;
        println!(
            "  {:<12} {:>7} connections, p99 {delay:?}, at most {memory} MB so far",
            attack.name(),
            siege.tried()
        );
        if stuck {
            complaints.push(format!("{}: not everything was acknowledged within {ACKED:?}", attack.name()));
        }
        if siege.tried() == 0 {
            complaints.push(format!("{}: nobody could connect, so nothing was tried", attack.name()));
        }
        late.push(delay);
    }
    let memory = memory(&server)?;
    let mut verdict = judge(server.address, &pair).await?;
    complaints.into_iter().for_each(|complaint| verdict.complain(complaint));
    if memory >= MEMORY {
        verdict.complain(format!("the server held {memory} MB"));
    }
    let latest = late.into_iter().max().unwrap_or_default();
    let figures = format!("{attempts} connections, server at most {memory} MB, worst p99 {} ms", latest.as_millis());
    Ok(Outcome { verdict, figures })
}

/// The pair talks for a while; how late what was said came at the 99th percentile, and whether some of it was not
/// acknowledged in the end.
async fn talk(pair: &[Person], time: Duration) -> Result<(Duration, bool)> {
    pair.iter().for_each(Person::measure);
    let start = Instant::now();
    let mut number = 0;
    while start.elapsed() < time {
        number += 1;
        pair[number % pair.len()].say(&format!("all is well, {number}"))?;
        sleep(PAUSE).await;
    }
    let stuck = !wait_for(pair, ACKED, Person::all_sent).await.is_empty();
    let late = percentile(pair.iter().flat_map(Person::delays).collect(), 99);
    Ok((late.unwrap_or_default(), stuck))
}
