//! Hostile clients of each kind in turn, while an ordinary pair talks on and a newcomer comes in.

use std::{fs, net::SocketAddr, path::Path, time::Duration};

use anyhow::{Context, Result};
use tokio::time::{Instant, sleep, timeout};

use super::{MEMORY, Outcome, judge, memory, people};
use crate::{
    hostile::{Attack, Siege},
    percentile::percentile,
    person::{Person, wait_for},
    server::Server,
    verdict::Verdict,
};

/// Who talk.
const PAIR: usize = 2;
/// Between two messages: slower than anyone may be.
const PAUSE: Duration = Duration::from_millis(200);
/// After how many messages it is looked at what the kernel holds.
const LOOK_EVERY: usize = 4;
/// How long what was said may take to be acknowledged, while the server is under attack.
const ACKED: Duration = Duration::from_secs(5);
/// How much later than without an attack what the pair says may be acknowledged, at the 99th percentile.
const FACTOR: u32 = 3;
/// What it takes without an attack counts as this much at least: less is the grain of the scheduler and the disk.
const GRAIN: Duration = Duration::from_millis(10);
/// In so short a time there are not enough messages for a percentile to be compared: only [`LATEST`] is.
const TOO_SHORT: Duration = Duration::from_secs(20);
/// How late it may be in any case.
const LATEST: Duration = Duration::from_millis(250);
/// How long a newcomer may take from joining to reading the lobby.
const NEWCOMER: Duration = Duration::from_secs(10);
/// What may be logged in a minute, in bytes.
const LOGGED: f64 = 1e6;

pub(super) fn time(short: bool) -> Duration {
    Duration::from_secs(if short { 4 } else { 60 })
}

pub(super) async fn run(binary: &Path, time: Duration, attacks: &[Attack]) -> Result<Outcome> {
    let mut sum = Sum::default();
    // Those that need the same arguments are let loose on one server, one after another.
    let mut left: Vec<Attack> = attacks.to_vec();
    while let Some(arguments) = left.first().map(|attack| attack.arguments()) {
        let (now, later) = left.into_iter().partition(|attack| attack.arguments() == arguments);
        left = later;
        sum.besiege(binary, arguments, time, now).await?;
    }
    let Sum { verdict, attempts, without, latest, memory, kernel } = sum;
    let figures = format!(
        "{attempts} connections, server at most {memory} MB, unread in the kernel at most {kernel} MB, p99 of a post \
         {} ms without, {} ms at worst",
        without.as_millis(),
        latest.as_millis()
    );
    Ok(Outcome { verdict, figures })
}

/// What was found with all kinds together.
#[derive(Default)]
struct Sum {
    verdict: Verdict,
    attempts: u64,
    /// p99 of a post without an attack.
    without: Duration,
    /// The worst p99 of a post under attack.
    latest: Duration,
    /// The most memory that a server held, in MB.
    memory: u64,
    /// The most that the kernel held unread, in MB.
    kernel: u64,
}

impl Sum {
    /// Lets some kinds loose on a server of their own.
    async fn besiege(
        &mut self,
        binary: &Path,
        arguments: &[&'static str],
        time: Duration,
        attacks: Vec<Attack>,
    ) -> Result<()> {
        // As anyone starts it: the limits are part of what is tried.
        let server = Server::start_as_anyone(binary, arguments).await?;
        let pair = people(server.address, server.address, PAIR).await?;
        let without = talk(&server, &pair, time).await?;
        println!("  {:<12} {:>7} connections, p99 of a post {:?}", "(nothing)", 0, without.late);
        self.without = self.without.max(without.late);
        for attack in attacks {
            let complaints = self.attack(&server, &pair, time, attack, without.late).await?;
            complaints.into_iter().for_each(|complaint| {
                self.verdict.complain(format!("{}: {complaint}", attack.name()));
            });
        }
        let verdict = judge(server.address, &pair).await?;
        self.verdict.add(verdict);
        Ok(())
    }

    /// Lets one kind loose; what was wrong.
    async fn attack(
        &mut self,
        server: &Server,
        pair: &[Person],
        time: Duration,
        attack: Attack,
        without: Duration,
    ) -> Result<Vec<String>> {
        let (logged, stored) = (server.logged()?, server.stored()?);
        let start = Instant::now();
        let siege = Siege::begin(server.address, attack)?;
        let talk = talk(server, pair, time).await?;
        let newcomer = comes_in(server, &format!("newcomer-{}", attack.name())).await;
        let ready = server.is_ready().await;
        let minutes = start.elapsed().as_secs_f64() / 60.0;
        let tried = siege.tried();
        drop(siege);
        let logged = server.logged()?.saturating_sub(logged);
        let stored = server.stored()?.saturating_sub(stored);
        let memory = memory(server)?;
        println!(
            "  {:<12} {tried:>7} connections, p99 of a post {:?}, at most {memory} MB so far, {} MB in the kernel, \
             {} kB logged, {} kB stored",
            attack.name(),
            talk.late,
            talk.kernel,
            logged / 1_000,
            stored / 1_000,
        );
        self.attempts += tried;
        self.latest = self.latest.max(talk.late);
        self.memory = self.memory.max(memory);
        self.kernel = self.kernel.max(talk.kernel);

        let mut complaints = Vec::new();
        if talk.stuck {
            complaints.push(format!("not everything was acknowledged within {ACKED:?}"));
        }
        let slowed = time >= TOO_SHORT && talk.late > without.max(GRAIN) * FACTOR;
        if slowed || talk.late > LATEST {
            complaints.push(format!("p99 of a post went from {without:?} to {:?}", talk.late));
        }
        if let Err(error) = &newcomer {
            complaints.push(format!("a newcomer could not come in: {error:#}"));
        }
        if ready.as_ref().ok() != Some(&newcomer.is_ok()) {
            complaints
                .push(format!("a newcomer came in: {}; the server says of itself: {ready:?}", newcomer.is_ok()));
        }
        if tried == 0 {
            complaints.push("nobody could connect, so nothing was tried".to_owned());
        }
        // The first seconds may be as many as a whole minute's.
        if logged as f64 > LOGGED * minutes.max(1.0) {
            complaints.push(format!("{logged} bytes were logged"));
        }
        if memory >= MEMORY {
            complaints.push(format!("the server held {memory} MB"));
        }
        if talk.kernel >= MEMORY {
            complaints.push(format!("the kernel held {} MB unread", talk.kernel));
        }
        Ok(complaints)
    }
}

/// What came of the pair's talking.
struct Talk {
    /// How long a post took to be acknowledged, at the 99th percentile.
    late: Duration,
    /// Whether something was not acknowledged in the end.
    stuck: bool,
    /// The most that the kernel held unread meanwhile, in MB.
    kernel: u64,
}

/// The pair talks for a while.
async fn talk(server: &Server, pair: &[Person], time: Duration) -> Result<Talk> {
    pair.iter().for_each(|person| drop(person.acked_after()));
    let start = Instant::now();
    let (mut number, mut kernel) = (0, 0);
    while start.elapsed() < time {
        number += 1;
        pair[number % pair.len()].say(&format!("all is well, {number}"))?;
        sleep(PAUSE).await;
        if number % LOOK_EVERY == 0 {
            kernel = kernel.max(kernel_memory(server.address)?);
        }
    }
    let stuck = !wait_for(pair, ACKED, Person::all_sent).await.is_empty();
    let late = percentile(pair.iter().flat_map(Person::acked_after).collect(), 99);
    Ok(Talk { late: late.unwrap_or(ACKED), stuck, kernel })
}

/// Somebody who was never here joins, connects and reads the lobby.
async fn comes_in(server: &Server, name: &str) -> Result<()> {
    let coming = async {
        let newcomer = [Person::join(server.address, server.address, name).await?];
        let outside = wait_for(&newcomer, NEWCOMER, Person::is_in).await;
        outside.is_empty().then_some(()).context("the lobby did not come")
    };
    timeout(NEWCOMER, coming).await.unwrap_or_else(|late| Err(late.into()))
}

/// What the kernel holds of what the server sends and has not read yet, in MB (proc(5), `/proc/net/tcp`).
fn kernel_memory(server: SocketAddr) -> Result<u64> {
    Ok(queued(&fs::read_to_string("/proc/net/tcp")?, server.port()).div_ceil(1_000_000))
}

/// The bytes in the queues of all sockets at this port.
fn queued(table: &str, port: u16) -> u64 {
    let hex = |digits: &str| u64::from_str_radix(digits, 16).unwrap_or_default();
    let rows = table.lines().skip(1).filter_map(|row| {
        let mut columns = row.split_whitespace().skip(1);
        let (_, local_port) = columns.next()?.split_once(':')?;
        let (sending, receiving) = columns.nth(2)?.split_once(':')?;
        (hex(local_port) == u64::from(port)).then(|| hex(sending) + hex(receiving))
    });
    rows.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_at_the_server_s_port_is_summed_up() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when\n\
            0: 0100007F:0BB8 0200007F:C350 01 00000010:00000001 00:00000000\n\
            1: 0100007F:0BB8 0200007F:C351 01 00000100:00000000 00:00000000\n\
            2: 0200007F:C350 0100007F:0BB8 01 00000007:00000000 00:00000000\n";
        assert_eq!(queued(table, 3_000), 0x111);
        assert_eq!(queued(table, 3_001), 0);
    }
}
