//! Connections that are cut, delayed and half open, through a proxy.

use std::{path::Path, time::Duration};

use anyhow::Result;
use tokio::time::sleep;

use super::{Outcome, judge, people};
use crate::{
    person::Person,
    proxy::{Proxy, Weather},
    server::Server,
};

pub(super) const PEOPLE: usize = 20;
/// Between one trouble and the next, in milliseconds.
const PAUSE_MS: u64 = 40;
/// How long a piece is held up at most, in milliseconds.
const DELAY_MS: u64 = 300;
/// How many in a hundred say something between two troubles.
const TALKATIVE: u32 = 30;

pub(super) fn times(short: bool) -> usize {
    if short { 50 } else { 1_000 }
}

pub(super) async fn run(binary: &Path, times: usize) -> Result<Outcome> {
    let server = Server::start(binary).await?;
    let proxy = Proxy::start(server.address).await?;
    let people = people(server.address, proxy.address, PEOPLE).await?;
    let (mut cuts, mut slowed, mut half_open) = (0, 0, 0);
    while cuts < times {
        for person in &people {
            if fastrand::u32(..100) < TALKATIVE {
                person.say(&format!("after {cuts} cuts"))?;
            }
        }
        // Bad weather is followed by a cut sooner or later: it is not told to anyone that nothing arrives.
        let any = |count| fastrand::usize(..count);
        match fastrand::u32(..4) {
            0 => {
                let by = Duration::from_millis(fastrand::u64(..DELAY_MS));
                slowed += usize::from(proxy.trouble(any, Weather::Slow(by)));
            }
            1 => half_open += usize::from(proxy.trouble(any, Weather::Deaf)),
            2 => half_open += usize::from(proxy.trouble(any, Weather::Mute)),
            _ => {}
        }
        cuts += usize::from(proxy.cut(any));
        sleep(Duration::from_millis(fastrand::u64(..PAUSE_MS))).await;
    }
    // What is still half open would be found by the heartbeat only; a laptop that wakes up finds it like this.
    proxy.close();
    proxy.reopen();
    let verdict = judge(server.address, &people).await?;
    let connections: u64 = people.iter().map(Person::connections).sum();
    let figures = format!("{cuts} cut, {half_open} half open, {slowed} slowed, {connections} connections");
    Ok(Outcome { verdict, figures })
}
