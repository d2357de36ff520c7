//! What goes on over a person's connections, one after another.
//!
//! What the page does is done here in the same way, with the page's own timeline: say hello, catch up, apply what is
//! live, ask for what is missing, keep each message until it is acknowledged, and come back after every outage.

use std::{collections::HashMap, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use madang_client::timeline::{Applied, Timeline};
use madang_common::{
    event::{
        Answer, ClientEvent, ServerEvent,
        message::{Delete, Edit, Post},
        room::{Changes, Head, HeadReply, Open, Sync, SyncReply},
        server::Leaving,
        session::{Hello, HelloReply},
    },
    message::MessageView,
    room::RoomSnapshot,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::{Instant, interval, sleep, sleep_until};

use crate::{
    link::{Incoming, Link},
    person::{Shared, Work, now_ms},
};

/// The first wait before another attempt to connect, and the longest. The page waits longer, so this is harder.
const RETRY: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));
/// How often the room's head is asked for; the page does it each 15 s.
const HEAD: Duration = Duration::from_secs(1);
/// A request that is not answered for so long means that the connection is dead.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a request was about, until its answer comes.
enum Asked {
    Hello,
    Open,
    Sync,
    Head,
    Work,
}

/// Connects again and again.
pub(crate) async fn live(shared: Arc<Shared>, address: SocketAddr, cookie: String) {
    let (first, longest) = RETRY;
    let mut wait = first;
    loop {
        shared.lock().attempts.push(Instant::now());
        if let Ok(link) = Link::open(address, &cookie).await {
            wait = first;
            shared.lock().connections += 1;
            // Every error here is the end of a connection, which is what this is about.
            let _ended = Session::new(&shared, link).run().await;
            shared.lock().caught_up = false;
        }
        let back_at = shared.lock().back_at.take();
        if let Some(back_at) = back_at {
            sleep_until(back_at).await;
            continue;
        }
        // Not all at the same moment.
        sleep(wait.mul_f64(fastrand::f64() + 0.5)).await;
        wait = (wait * 2).min(longest);
    }
}

/// What goes on over one connection.
struct Session<'a> {
    shared: &'a Shared,
    link: Link,
    asked: HashMap<u64, (Asked, Instant)>,
    /// The room is on the screen and what is live may be said.
    working: bool,
    syncing: bool,
}

impl<'a> Session<'a> {
    fn new(shared: &'a Shared, link: Link) -> Self {
        Self { shared, link, asked: HashMap::new(), working: false, syncing: false }
    }

    async fn run(mut self) -> Result<()> {
        self.ask(Asked::Hello, &Hello {}).await?;
        let mut ticks = interval(HEAD);
        loop {
            tokio::select! {
                incoming = self.link.next() => match incoming? {
                    Incoming::Ack(number, answer) => self.answered(number, answer).await?,
                    Incoming::Event(name, data) if name == Changes::NAME => {
                        let changes: Changes = serde_json::from_value(data)?;
                        self.apply_live(changes).await?;
                    }
                    Incoming::Event(name, data) if name == Leaving::NAME => {
                        let Leaving { back_in } = serde_json::from_value(data)?;
                        let back_at = Instant::now() + Duration::from_millis(back_in.into());
                        self.shared.lock().back_at = Some(back_at);
                    }
                    Incoming::Event(..) => {}
                },
                () = self.shared.work.notified() => self.work().await?,
                _ = ticks.tick() => self.look_around().await?,
            }
        }
    }

    async fn ask<E: ClientEvent>(&mut self, what: Asked, event: &E) -> Result<()> {
        let number = self.link.ask(event).await?;
        self.asked.insert(number, (what, Instant::now()));
        Ok(())
    }

    /// Gives the connection up when it is dead, and finds a change that never came.
    async fn look_around(&mut self) -> Result<()> {
        if self.asked.values().any(|(_, since)| since.elapsed() > PATIENCE) {
            bail!("no answer");
        }
        if self.working { self.ask(Asked::Head, &Head {}).await } else { Ok(()) }
    }

    async fn answered(&mut self, number: u64, answer: Value) -> Result<()> {
        let (asked, _) = self.asked.remove(&number).context("an answer to nothing")?;
        match asked {
            Asked::Hello => {
                let hello: HelloReply = read(answer)?;
                let lobby = hello.rooms.first().context("there is no lobby")?.room.id;
                let known = {
                    let mut state = self.shared.lock();
                    (state.me, state.room) = (hello.me.id, lobby);
                    state.timeline.is_some()
                };
                if known { self.sync().await } else { self.ask(Asked::Open, &Open { room: lobby }).await }
            }
            Asked::Open => {
                let snapshot: RoomSnapshot = read(answer)?;
                self.shared.lock().timeline = Some(Timeline::new(&snapshot));
                self.start_working().await
            }
            Asked::Sync => {
                self.syncing = false;
                let Some(reply) = granted::<SyncReply>(answer)? else { return Ok(()) };
                let applied = self.with_timeline(|timeline| timeline.apply_sync(reply));
                if applied.gap { self.sync().await } else { self.start_working().await }
            }
            Asked::Head => {
                let Some(HeadReply { rooms }) = granted(answer)? else { return Ok(()) };
                let behind = {
                    let mut state = self.shared.lock();
                    let room = state.room;
                    let head = rooms.iter().find(|head| head.room == room).context("no head of the lobby")?;
                    let held = state.timeline.as_ref().map(Timeline::rev);
                    state.caught_up = held == Some(head.membership.rev);
                    held < Some(head.membership.rev)
                };
                if behind { self.sync().await } else { Ok(()) }
            }
            Asked::Work => self.worked(answer).await,
        }
    }

    async fn start_working(&mut self) -> Result<()> {
        if self.working {
            return Ok(());
        }
        self.working = true;
        self.work().await
    }

    /// Sends the oldest that is unsent, unless one is on its way: the next is sent when it is acknowledged.
    async fn work(&mut self) -> Result<()> {
        let on_its_way = self.asked.values().any(|(asked, _)| matches!(asked, Asked::Work));
        if !self.working || on_its_way {
            return Ok(());
        }
        let (room, next) = {
            let state = self.shared.lock();
            (state.room, state.unsent.front().cloned())
        };
        match next {
            Some(Work::Say(client_id, text, _)) => self.ask(Asked::Work, &Post { room, client_id, text }).await,
            Some(Work::Edit(message, text)) => self.ask(Asked::Work, &Edit { message, text }).await,
            Some(Work::Delete(message)) => self.ask(Asked::Work, &Delete { message }).await,
            None => Ok(()),
        }
    }

    async fn worked(&mut self, answer: Value) -> Result<()> {
        match serde_json::from_value::<Answer<MessageView>>(answer)? {
            Answer::Ok(message) => {
                {
                    let mut state = self.shared.lock();
                    if let Some(Work::Say(_, _, said)) = state.unsent.pop_front() {
                        state.acked.push(message.clone());
                        state.acked_after.push(said.elapsed());
                    }
                }
                // As the page does: it is on the screen at once. A gap before it is filled by what is on its way, or
                // found by the head.
                self.with_timeline(|timeline| timeline.apply_live(vec![message]));
            }
            Answer::Fault(fault) if fault.code.is_passing() => {
                sleep(RETRY.0).await;
            }
            Answer::Fault(fault) => {
                let mut state = self.shared.lock();
                state.unsent.pop_front();
                state.refused.push(fault.message);
            }
        }
        self.work().await
    }

    async fn apply_live(&mut self, changes: Changes) -> Result<()> {
        let now = now_ms();
        {
            let mut state = self.shared.lock();
            if let Some(delays) = &mut state.delays {
                let late = |change: &MessageView| now.saturating_sub(u64::try_from(change.sent_at.0).unwrap_or(now));
                delays.extend(changes.changes.iter().map(|change| Duration::from_millis(late(change))));
            }
        }
        let applied = self.with_timeline(|timeline| timeline.apply_live(changes.changes));
        if applied.gap { self.sync().await } else { Ok(()) }
    }

    async fn sync(&mut self) -> Result<()> {
        if std::mem::replace(&mut self.syncing, true) {
            return Ok(());
        }
        let (room, since) = {
            let state = self.shared.lock();
            (state.room, state.timeline.as_ref().map(Timeline::rev).unwrap_or_default())
        };
        self.ask(Asked::Sync, &Sync { room, since }).await
    }

    fn with_timeline(&self, change: impl FnOnce(&mut Timeline) -> Applied) -> Applied {
        let mut state = self.shared.lock();
        // What comes before the room has been opened is in what opening it brings.
        state.timeline.as_mut().map_or(Applied { new: Vec::new(), gap: false }, change)
    }
}

/// As [`read`]; none when it may be granted later, as by a server that is about to stop. The next head asks again, and
/// the connection stays: it is yet to be told when to come back.
fn granted<T: DeserializeOwned>(answer: Value) -> Result<Option<T>> {
    match serde_json::from_value::<Answer<T>>(answer)? {
        Answer::Fault(fault) if fault.code.is_passing() => Ok(None),
        answer => Result::from(answer).map(Some).map_err(Into::into),
    }
}

fn read<T: DeserializeOwned>(answer: Value) -> Result<T> {
    Result::from(serde_json::from_value::<Answer<T>>(answer)?).map_err(Into::into)
}
