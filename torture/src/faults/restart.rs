//! A restart, as an update is: asked to stop, started again, with a thousand clients connected; 300 in the short form.

use std::{path::Path, time::Duration};

use anyhow::Result;
use tokio::time::Instant;

use super::{Outcome, judge, people};
use crate::{
    person::{Person, wait_for},
    server::Server,
};

/// How many of them say something at the moment at which the server is asked to stop.
const TALKATIVE: usize = 100;
/// How long a server may take to stop.
const EXIT: Duration = Duration::from_secs(10);
/// How many may try to come back within [`CROWD_TIME`].
const CROWD: usize = 100;
const CROWD_TIME: Duration = Duration::from_millis(100);

pub(super) fn people_of(short: bool) -> usize {
    if short { 300 } else { 1_000 }
}

pub(super) fn times(short: bool) -> usize {
    if short { 1 } else { 3 }
}

pub(super) async fn run(binary: &Path, times: usize, clients: usize) -> Result<Outcome> {
    let mut server = Server::start(binary).await?;
    let people = people(server.address, server.address, clients).await?;
    let mut complaints = Vec::new();
    let (mut slowest_exit, mut slowest_return, mut biggest_crowd) = (Duration::ZERO, Duration::ZERO, 0);
    for round in 1..=times {
        let before: Vec<u64> = people.iter().map(Person::connections).collect();
        people.iter().for_each(Person::forget_attempts);
        for person in &people[..TALKATIVE] {
            person.say(&format!("before restart {round}"))?;
        }
        let start = Instant::now();
        slowest_exit = slowest_exit.max(server.stop().await?);
        server.up().await?;
        let is_back = |(person, before): (&Person, &u64)| person.connections() > *before;
        wait_for(&people, super::SETTLE, Person::is_settled).await;
        let missing = people.iter().zip(&before).filter(|both| !is_back(*both)).count();
        if missing > 0 {
            complaints.push(format!("restart {round}: {missing} people did not come back"));
        }
        slowest_return = slowest_return.max(start.elapsed());
        let mut attempts: Vec<Instant> = people.iter().flat_map(Person::attempts).collect();
        attempts.sort_unstable();
        biggest_crowd = biggest_crowd.max(crowd(&attempts));
    }
    let mut verdict = judge(server.address, &people).await?;
    complaints.into_iter().for_each(|complaint| verdict.complain(complaint));
    if slowest_exit > EXIT {
        verdict.complain(format!("the server took {slowest_exit:?} to stop"));
    }
    if biggest_crowd > CROWD {
        verdict.complain(format!("{biggest_crowd} tried to come back within {CROWD_TIME:?}"));
    }
    let figures = format!(
        "at most {biggest_crowd} came back within 100 ms, all back after {:.1} s, stopped within {} ms",
        slowest_return.as_secs_f64(),
        slowest_exit.as_millis()
    );
    Ok(Outcome { verdict, figures })
}

/// The most of these moments, which are in order, that lie within [`CROWD_TIME`] of each other.
fn crowd(moments: &[Instant]) -> usize {
    let from = |(place, start): (usize, &Instant)| moments[place..].partition_point(|at| *at - *start < CROWD_TIME);
    moments.iter().enumerate().map(from).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_is_counted_wherever_it_begins() {
        let start = Instant::now();
        let at = |millis: &[u64]| millis.iter().map(|ms| start + Duration::from_millis(*ms)).collect::<Vec<_>>();
        assert_eq!(crowd(&at(&[])), 0);
        assert_eq!(crowd(&at(&[0, 100, 200])), 1);
        assert_eq!(crowd(&at(&[0, 90, 150, 180, 189, 300])), 4);
    }
}
