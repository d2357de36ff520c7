//! Bots, as programs are written: two that talk in two rooms, with a file as the outbox, while the link is cut, the server
//! killed, and one of them restarted between writing and acknowledgement.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use madang_client::{
    driver::{Client, Credentials, Options, Posting, Session},
    feed::Event,
};
use madang_common::{
    id::{ClientId, MessageId, RoomId},
    message::{Body, MessageView},
    room::LOBBY,
    text::{MessageText, RoomName, RoomTopic},
};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};

use super::{Outcome, SETTLE};
use crate::{
    forms::Account,
    person::PACE,
    proxy::{Proxy, Weather},
    server::Server,
    verdict::{Verdict, everything, everything_for},
};

/// What is said in each room at each step of a round.
pub(super) const TEXTS: usize = 10;
/// The room beside the lobby.
const GARDEN: &str = "garden";
/// How often it is looked whether something has come about.
const POLL: Duration = Duration::from_millis(5);

pub(super) fn times(short: bool) -> usize {
    if short { 5 } else { 50 }
}

pub(super) async fn run(binary: &Path, times: usize) -> Result<Outcome> {
    let mut server = Server::start(binary).await?;
    let (near, far) = (Proxy::start(server.address).await?, Proxy::start(server.address).await?);
    let folder = tempfile::tempdir()?;
    let mut teller = Bot::start(&server, &near, "teller", folder.path().join("teller")).await?;
    let garden = RoomName::parse(GARDEN).context("a name")?;
    teller.client.create_room(garden, RoomTopic::parse("").context("a topic")?).await?;
    let mut listener = Bot::start(&server, &far, "listener", folder.path().join("listener")).await?;
    let heard = [listener.listen(LOBBY).await?, listener.listen(GARDEN).await?];
    for bot in [&teller, &listener] {
        until("both are in two rooms", async || Ok(bot.client.rooms().joined().count() == 2)).await?;
    }
    let witness = Account::new(server.address, "witness").await?;
    let mut restarts = 0;
    for round in 1..=times {
        // Nothing is wrong.
        teller.talk(&format!("{round}, in peace"))?;
        listener.talk(&format!("{round}, in peace"))?;
        // Both links are cut amid that, one after the other.
        near.close();
        teller.talk(&format!("{round}, cut off"))?;
        // The program ends with all of that on the disk, and nobody has it.
        teller.wait_until_kept().await?;
        teller = teller.restart(&near).await?;
        restarts += 1;
        far.close();
        near.reopen();
        // The server has it, and the program ends before it knows.
        teller.wait_until_sent().await?;
        near.trouble(|count| count - 1, Weather::Mute);
        let stored = everything_for(&witness, LOBBY).await?.len();
        teller.talk(&format!("{round}, unheard"))?;
        teller.wait_until_kept().await?;
        until("the server stores it", async || Ok(everything_for(&witness, LOBBY).await?.len() > stored)).await?;
        teller = teller.restart(&near).await?;
        restarts += 1;
        far.reopen();
        // The server is killed amid it.
        teller.talk(&format!("{round}, killed"))?;
        listener.talk(&format!("{round}, killed"))?;
        server.kill().await?;
        server.up().await?;
        teller.wait_until_sent().await?;
        // In the end at least, what is deleted has been told before.
        if round == times {
            heard[0].wait_for(&everything_for(&witness, LOBBY).await?).await?;
        }
        teller.change(&witness).await?;
    }
    listener.wait_until_sent().await?;
    let mut verdict = Verdict::default();
    for (slug, heard) in [LOBBY, GARDEN].into_iter().zip(&heard) {
        let stored = everything(server.address, slug).await?;
        heard.wait_for(&stored).await?;
        verdict.check_numbers(&stored);
        let room = stored[0].room;
        for bot in [&teller, &listener] {
            verdict.check_said(
                bot.name,
                bot.client.me().context("it is somebody")?.id,
                &bot.said_in(room),
                &[],
                &stored,
            );
        }
        heard.check(slug, &stored, &mut verdict);
    }
    let kept = [&teller, &listener].map(|bot| bot.client.unsent());
    if kept != [0, 0] {
        verdict.complain(format!("unsent in the end: {kept:?}"));
    }
    let events = heard.map(|heard| heard.events().len());
    let figures = format!(
        "{restarts} restarts of a bot, {times} of the server, {} events heard; retries after {:?} to {:?}",
        events.iter().sum::<usize>(),
        PACE.first_retry,
        PACE.longest_retry
    );
    Ok(Outcome { verdict, figures })
}

/// A bot, and what it has said.
struct Bot {
    name: &'static str,
    client: Client,
    session: Session,
    outbox: PathBuf,
    rooms: [RoomId; 2],
    said: Vec<(RoomId, ClientId, String)>,
    /// What became of it that was said since the last start.
    postings: Vec<Posting>,
}

impl Bot {
    async fn start(server: &Server, through: &Proxy, name: &'static str, outbox: PathBuf) -> Result<Self> {
        let session: Session = Account::new(server.address, name).await?.session;
        let client = connect(through, &session, &outbox).await?;
        Ok(Self {
            name,
            client,
            session,
            outbox,
            rooms: [RoomId::default(); 2],
            said: Vec::new(),
            postings: Vec::new(),
        })
    }

    /// Ends it without a word, and starts it again.
    async fn restart(self, through: &Proxy) -> Result<Self> {
        let Self { name, client, session, outbox, rooms, said, .. } = self;
        drop(client);
        // It need not reach anybody yet.
        let server = format!("http://{}", through.address).parse()?;
        let client = Client::start(server, session.clone(), options(&outbox)).await?;
        Ok(Self { name, client, session, outbox, rooms, said, postings: Vec::new() })
    }

    /// Says so many texts in each room.
    fn talk(&mut self, what: &str) -> Result<()> {
        for number in 1..=TEXTS {
            for room in self.rooms()? {
                let text = format!("{what}, {number} of {TEXTS}, by {}", self.name);
                let posting = self.client.post(room, MessageText::parse(&text).context("a text")?);
                self.said.push((room, posting.client_id(), text));
                self.postings.push(posting);
            }
        }
        Ok(())
    }

    fn rooms(&mut self) -> Result<[RoomId; 2]> {
        if self.rooms[0] == RoomId::default() {
            let rooms = self.client.rooms();
            let ids: Vec<RoomId> = rooms.joined().map(|(room, _)| room.id).collect();
            self.rooms = ids.try_into().ok().context("it is in two rooms")?;
        }
        Ok(self.rooms)
    }

    fn said_in(&self, room: RoomId) -> Vec<(ClientId, String)> {
        self.said.iter().filter(|(of, ..)| *of == room).map(|(_, id, text)| (*id, text.clone())).collect()
    }

    /// Waits until the last that was said is in the outbox's file: what was said before is there or acknowledged.
    async fn wait_until_kept(&self) -> Result<()> {
        let last = self.said.last().context("something was said")?.1.to_string();
        until("it is kept", async || Ok(fs::read_to_string(&self.outbox).is_ok_and(|kept| kept.contains(&last))))
            .await
    }

    async fn wait_until_sent(&mut self) -> Result<()> {
        for posting in self.postings.drain(..) {
            tokio::time::timeout(SETTLE, posting).await.context("a post came to nothing")??;
        }
        until("all is sent", async || Ok(self.client.live().await.is_ok() && self.client.unsent() == 0)).await
    }

    /// Edits one of its messages in the lobby, and deletes another.
    async fn change(&self, witness: &Account) -> Result<()> {
        let me = self.client.me().context("it is somebody")?.id;
        let stored = everything_for(witness, LOBBY).await?;
        let own = stored.iter().filter(|message| message.author.id == me).filter(is_text).collect::<Vec<_>>();
        let [.., edited, deleted] = own[..] else { bail!("it has said nothing") };
        self.client.edit(edited.id, MessageText::parse("edited").context("a text")?).await?;
        self.client.delete(deleted.id).await?;
        Ok(())
    }

    /// Follows a room, and notes all that happens in it.
    async fn listen(&mut self, slug: &str) -> Result<Heard> {
        let mut room = self.client.follow(slug).await?;
        let events = Arc::<Mutex<Vec<Event>>>::default();
        let noted = events.clone();
        let task = tokio::spawn(async move {
            while let Some(event) = room.next().await {
                noted.lock().unwrap_or_else(PoisonError::into_inner).push(event);
            }
        });
        Ok(Heard { events, task })
    }
}

fn is_text(message: &&MessageView) -> bool {
    matches!(message.body, Body::Text { .. })
}

fn options(outbox: &Path) -> Options {
    Options { outbox: Some(outbox.to_owned()), pace: PACE, ..Options::default() }
}

async fn connect(through: &Proxy, session: &Session, outbox: &Path) -> Result<Client> {
    let server = format!("http://{}", through.address);
    Ok(Client::connect(&server, Credentials::Session(session.clone()), options(outbox)).await?)
}

/// What a bot has heard in a room.
struct Heard {
    events: Arc<Mutex<Vec<Event>>>,
    task: JoinHandle<()>,
}

impl Drop for Heard {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Heard {
    fn events(&self) -> Vec<Event> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until it was told of the last that is stored here: a message, or the change of one.
    async fn wait_for(&self, stored: &[MessageView]) -> Result<()> {
        let last = stored.iter().map(|message| message.rev).max();
        until("all is heard", async || Ok(self.events().iter().map(|event| event.message().rev).max() >= last)).await
    }

    /// Each message was told once, in order and without a hole, and in the end as it is stored.
    fn check(&self, slug: &str, stored: &[MessageView], verdict: &mut Verdict) {
        let events = self.events();
        let new: Vec<&MessageView> = events
            .iter()
            .filter_map(|event| match event {
                Event::New(message) => Some(message),
                _ => None,
            })
            .collect();
        for pair in new.windows(2) {
            if pair[1].seq.0 != pair[0].seq.0 + 1 {
                verdict.complain(format!("{slug}: {} was told after {}", pair[1].seq, pair[0].seq));
            }
        }
        for message in stored.iter().filter(|message| new.first().is_some_and(|first| first.seq <= message.seq)) {
            let mut told = events.iter().map(Event::message).filter(|told| told.id == message.id);
            let revs: Vec<_> = told.clone().map(|told| told.rev).collect();
            if !revs.is_sorted_by(|before, after| before < after) {
                verdict.complain(format!("{slug}: a change of {} was told again", message.seq));
            }
            if told.next_back() != Some(message) {
                verdict.complain(format!("{slug}: {} was not told as it is stored", message.seq));
            }
        }
        let is_stored = |id: MessageId| stored.iter().any(|message| message.id == id);
        if slug == LOBBY && !events.iter().any(|event| matches!(event, Event::Deleted(told) if is_stored(told.id))) {
            verdict.complain("no deletion was heard, so nothing was tested".to_owned());
        }
    }
}

/// Waits until something has come about.
async fn until(what: &str, has_come: impl AsyncFn() -> Result<bool>) -> Result<()> {
    let start = Instant::now();
    while !has_come().await? {
        if start.elapsed() > SETTLE {
            bail!("{what}: not within {SETTLE:?}");
        }
        sleep(POLL).await;
    }
    Ok(())
}
