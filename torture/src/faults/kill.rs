//! `kill -9` amid a burst of posts.

use std::{path::Path, time::Duration};

use anyhow::Result;
use tokio::time::sleep;

use super::{Outcome, judge, people};
use crate::{person::Person, server::Server};

pub(super) const PEOPLE: usize = 50;
/// What each says before each kill.
const BURST: usize = 4;
/// The kill comes at some moment of so many milliseconds.
const WITHIN_MS: u64 = 400;

pub(super) fn times(short: bool) -> usize {
    if short { 5 } else { 100 }
}

pub(super) async fn run(binary: &Path, times: usize) -> Result<Outcome> {
    let mut server = Server::start(binary).await?;
    let people = people(server.address, server.address, PEOPLE).await?;
    let mut slowest_start = Duration::ZERO;
    let mut unacked_at_kill = 0;
    for round in 1..=times {
        for person in &people {
            for number in 1..=BURST {
                person.say(&format!("round {round}, text {number}"))?;
            }
        }
        sleep(Duration::from_millis(fastrand::u64(0..WITHIN_MS))).await;
        server.kill().await?;
        unacked_at_kill += people.iter().filter(|person| !person.all_sent()).count();
        slowest_start = slowest_start.max(server.up().await?);
    }
    let verdict = judge(server.address, &people).await?;
    let connections: u64 = people.iter().map(Person::connections).sum();
    let figures = format!(
        "{unacked_at_kill} people were amid sending, {connections} connections, slowest start {} ms",
        slowest_start.as_millis()
    );
    Ok(Outcome { verdict, figures })
}
