//! How many posts a second are acknowledged, that is, are on the disk: with one commit for all that wait, and with a
//! commit for each, which the same server does when it is told to.
//!
//! Each sender posts into a room of their own, so that a post is delivered once. In one room, what a thousand members
//! hear would hide what writing costs.

use std::{collections::HashMap, time::Duration};

use anyhow::{Context, Result};
use futures_util::{StreamExt, TryStreamExt, stream};
use madang_client::driver::Session;
use madang_common::{event::session::Hello, id::RoomId};
use tokio::{task::JoinSet, time::Instant};

use super::{
    Setting,
    figures::Figures,
    file_system::FileSystem,
    sender::Sender,
    stage::{self, AT_ONCE, come_to_rest},
};
use crate::{forms::Account, link::Link, server::Server};

/// What is compared: its name, and the further settings of a server that does it so.
const WAYS: [(&str, &[&str]); 2] = [("group commit", &[]), ("a commit per post", &["--commit-batch", "1"])];
/// What a round is that nothing is noted of.
const WARM_UP: Duration = Duration::from_secs(1);
/// How long it must be quiet for those who came to have been told of.
const QUIET: Duration = Duration::from_millis(400);

/// Measures, and prints a table.
pub(super) async fn run(setting: &Setting) -> Result<()> {
    println!(
        "Each sender posts into a room of their own, the next post when the last is acknowledged. synchronous=FULL."
    );
    println!("The data is in {}, on {}.", setting.data.display(), FileSystem::of(&setting.data)?);
    println!("Median of {} rounds of {:?}, the two ways in turns.\n", setting.rounds, setting.seconds);
    let most = setting.senders.iter().copied().max().context("nobody sends")?;
    let mut ways = Vec::new();
    for (_, words) in WAYS {
        ways.push(Stage::set(setting, words, most).await?);
    }
    println!("{:>7}  {}", "", WAYS.map(|(name, _)| format!("{name:<40}")).join("  "));
    let head = format!("{:>8}{:>9}{:>9}{:>14}", "posts/s", "p50 ms", "p99 ms", "CPU ms/1,000");
    println!("{:>7}  {head}  {head}  times", "senders");
    for count in &setting.senders {
        let mut rounds = [const { Vec::new() }; WAYS.len()];
        for way in &mut ways {
            way.fill(*count).await?;
            way.round(*count, WARM_UP).await?;
        }
        for _ in 0..setting.rounds {
            for (way, rounds) in ways.iter_mut().zip(&mut rounds) {
                rounds.push(way.round(*count, setting.seconds).await?);
            }
        }
        let medians: Option<Vec<Figures>> = rounds.iter().map(|rounds| Figures::median(rounds)).collect();
        let medians = medians.context("there was no round")?;
        let columns = medians
            .iter()
            .map(|Figures { rate, p50, p99, cpu }| format!("{rate:>8.0}{p50:>9.2}{p99:>9.2}{cpu:>14.0}"));
        let times = medians[0].rate / medians[1].rate;
        println!("{count:>7}  {}  {times:>5.1}", columns.collect::<Vec<_>>().join("  "));
    }
    Ok(())
}

/// A server, and those who can post to it.
struct Stage {
    server: Server,
    /// Who will connect, with their rooms.
    waiting: Vec<(Session, RoomId)>,
    senders: Vec<Sender>,
}

impl Stage {
    /// Starts a server which so many have joined, each with a room. Nobody is connected yet, so nobody is told.
    async fn set(setting: &Setting, words: &[&'static str], people: usize) -> Result<Self> {
        let server = stage::start(&setting.server, &setting.data, words).await?;
        let address = server.address;
        let joining = stream::iter(1..=people).map(async |number| {
            let account = Account::new(address, &format!("sender-{number}")).await?;
            let room = format!("room-{number}");
            account.post("/rooms", &[("name", &room), ("topic", "")]).await?;
            anyhow::Ok((account.session, room))
        });
        let joined: Vec<_> = joining.buffer_unordered(AT_ONCE).try_collect().await?;
        let (session, _) = joined.first().context("nobody joined")?;
        let hello = Link::open(address, session).await?.request(&Hello {}).await?;
        let rooms: HashMap<_, _> =
            hello.rooms.iter().map(|summary| (summary.room.slug.as_str(), summary.room.id)).collect();
        let found = joined.iter().map(|(session, room)| Some((session.clone(), *rooms.get(room.as_str())?)));
        let waiting = found.collect::<Option<_>>().context("a room that was made is not there")?;
        Ok(Self { server, waiting, senders: Vec::new() })
    }

    /// Lets people connect until there are so many, and waits until all have heard of it.
    async fn fill(&mut self, count: usize) -> Result<()> {
        while self.senders.len() < count {
            let (session, room) = self.waiting.pop().context("too few people joined")?;
            self.senders.push(Sender::connect(self.server.address, &session, room).await?);
        }
        come_to_rest(&self.server, QUIET).await
    }

    /// The first `count` send for a while.
    async fn round(&mut self, count: usize, time: Duration) -> Result<Figures> {
        let cpu = self.server.cpu()?;
        let start = Instant::now();
        let mut sending = JoinSet::new();
        for mut sender in self.senders.drain(..count) {
            sending.spawn(async move {
                let delays = sender.post_until(start + time).await?;
                anyhow::Ok((sender, delays))
            });
        }
        let mut all = Vec::new();
        while let Some(sent) = sending.join_next().await {
            let (sender, delays) = sent??;
            self.senders.push(sender);
            all.extend(delays);
        }
        let took = start.elapsed();
        Figures::of(all, took, self.server.cpu()?.saturating_sub(cpu)).context("nobody sent anything")
    }
}
