//! The client: what a program has in its hand.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use madang_common::{
    fault::{Fault, FaultCode},
    id::{ClientId, MessageId, RoomId},
    message::MessageView,
    text::{MessageText, RoomName, RoomSlug, RoomTopic},
    user::UserView,
};
use tokio::{
    sync::oneshot,
    task::{JoinHandle, spawn_blocking},
};

use super::{
    Credentials, Error, Options, Room, Server, Session,
    clock::{self, now},
    core::{Core, Job, SeatId, Shared},
    disk, link,
    outbox_file::OutboxFile,
};
use crate::{
    engine::{Engine, Ticket},
    link::Link,
    outbox::Outbox,
    rooms::Rooms,
    view::{Plain, View},
};

/// A client, which stays connected for as long as a clone of it, or a [`Room`] of it, is there. Dropped without
/// [`Client::close`] it leaves as a program that crashes; what was being written to the outbox then is there or is not.
#[derive(Clone)]
pub struct Client(Arc<Handle>);

struct Handle {
    shared: Arc<Shared>,
    session: Session,
    task: JoinHandle<()>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Tells everyone who waits for the client's task when it ends, in whatever way.
struct EndOfTask(Arc<Shared>);

impl Drop for EndOfTask {
    fn drop(&mut self) {
        let why = if std::thread::panicking() { Error::Panicked } else { Error::Closed };
        {
            // No engine is told, for it may be one that has panicked.
            let mut core = self.0.lock();
            core.end(&why);
            core.has_ended = true;
        }
        self.0.changed.send_replace(());
    }
}

/// The engine in which a room is made, and what waits for that, for as long as it takes.
struct TemporarySeat<'a> {
    shared: &'a Shared,
    id: SeatId,
    ticket: Ticket,
}

impl Drop for TemporarySeat<'_> {
    fn drop(&mut self) {
        self.shared.tell(|core| {
            core.seats.retain(|seat| seat.id != self.id);
            core.forget_ticket(self.ticket);
        });
    }
}

impl Client {
    /// Joins, or comes back, and waits until the client is live. Once it has been, it comes back by itself after every
    /// outage.
    ///
    /// # Errors
    /// Why the first attempt failed: that the server can't be reached or is none of Madang's, a name or session that it does
    /// not let in, an outbox that can't be used.
    pub async fn connect(server: &str, credentials: Credentials, options: Options) -> Result<Self, Error> {
        let server: Server = server.parse()?;
        let session = match credentials {
            Credentials::Name(name) => Session::join(&server, &name).await?,
            Credentials::Session(session) => session,
        };
        let client = Self::start(server, session, options).await?;
        client.first_time().await?;
        Ok(client)
    }

    /// As [`Client::connect`] with a session, without waiting: what is said meanwhile is sent once the server can be reached,
    /// however long that takes.
    ///
    /// # Errors
    /// That the outbox can't be used.
    pub async fn start(server: Server, session: Session, options: Options) -> Result<Self, Error> {
        let path = options.outbox.clone();
        let file = spawn_blocking(move || path.map_or(Ok(OutboxFile::default()), |path| OutboxFile::open(&path)));
        let file = file.await.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))?;
        let shared = Shared::new(options, &file.read());
        let (of_task, cookie) = (shared.clone(), session.clone());
        let task = tokio::spawn(async move {
            let _ended = EndOfTask(of_task.clone());
            tokio::join!(link::run(&of_task, &server, &cookie), clock::run(&of_task), disk::run(&of_task, file));
        });
        Ok(Self(Arc::new(Handle { shared, session, task })))
    }

    /// Waits until the client is live.
    ///
    /// # Errors
    /// That it never will be: the session is over, or the client closed.
    pub async fn live(&self) -> Result<(), Error> {
        self.wait(|core| (core.link() == Link::Live).then_some(Ok(()))).await
    }

    async fn first_time(&self) -> Result<(), Error> {
        self.wait(|core| match core.failed.take() {
            Some(error) => Some(Err(error)),
            None => (core.link() == Link::Live).then_some(Ok(())),
        })
        .await
    }

    /// Waits until `look` finds something, or the client is over.
    pub(super) async fn wait<T>(&self, look: impl Fn(&mut Core) -> Option<Result<T, Error>>) -> Result<T, Error> {
        self.until(|core| core.over().map(Err).or_else(|| look(core))).await
    }

    /// The session, to be kept by a program that wants to be the same person after a restart.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.0.session
    }

    /// Who one is, once the server has said so: after [`Client::connect`] it has.
    #[must_use]
    pub fn me(&self) -> Option<UserView> {
        self.with_view(|view| view.me.0.clone())
    }

    /// All rooms, as the server listed them last.
    #[must_use]
    pub fn rooms(&self) -> Rooms {
        self.with_view(|view| view.rooms.0.clone())
    }

    /// How the link is.
    #[must_use]
    pub fn link(&self) -> Link {
        self.with_view(|view| view.link.0)
    }

    /// Reads what the engine that sends shows; its open room is the one that was followed first. It waits meanwhile.
    pub fn with_view<T>(&self, read: impl FnOnce(&View<Plain>) -> T) -> T {
        read(&self.0.shared.lock().first().engine.view)
    }

    /// Joins the room at an address (`lobby`, of `/r/lobby`), unless one is a member, and follows what happens in it.
    ///
    /// # Errors
    /// That there is no such room, or what else the server refuses; [`Error::FollowedAlready`].
    pub async fn follow(&self, slug: &str) -> Result<Room, Error> {
        self.live().await?;
        let (room, joining) = Room::begin(self.clone(), slug)?;
        if let Some(joining) = joining {
            outcome(joining).await?;
        }
        room.opened().await?;
        Ok(room)
    }

    /// Makes a room, of which one is a member then; to hear it, [`Client::follow`] it. Gives its address. Dropped midway, the
    /// room may be made or not.
    ///
    /// # Errors
    /// What the server refuses, or that it can't be reached ([`FaultCode::Unavailable`]).
    pub async fn create_room(&self, name: RoomName, topic: RoomTopic) -> Result<RoomSlug, Error> {
        let (id, ticket, made) = self.shared().tell(|core| {
            let (ticket, made) = core.ticket();
            // In an engine of its own, for whoever makes a room is shown it.
            let seat = core.add_seat(&self.shared().options, &Outbox::default());
            seat.engine.create_room(name, topic, ticket);
            (seat.id, ticket, made)
        });
        let _seat = TemporarySeat { shared: self.shared(), id, ticket };
        let slug = outcome(made).await?;
        slug.ok_or_else(|| Fault::new(FaultCode::Unavailable, "the server did not answer").into())
    }

    /// Says something in a room that one is a member of. It is said when this is called, awaited or not, after all that was
    /// said before, and kept until the server has it. What comes of it is the message as it is stored, or why the server
    /// refused it for good.
    ///
    /// With [`Options::outbox`], it is written to the file at once, whether there is a connection or not, and on the disk some
    /// milliseconds after this returns. If the file can't be written, the [`Observer`](super::Observer) is told, the message
    /// is sent from memory, and writing is tried again every second: only a program that ends meanwhile loses it, and
    /// [`Client::close`] tells so. Without an outbox, what is unsent ends with the program. A client that is over sends
    /// nothing any more.
    pub fn post(&self, room: RoomId, text: MessageText) -> Posting {
        let (sender, outcome) = oneshot::channel();
        let random = std::array::from_fn(|_| fastrand::u8(..));
        let client_id = self.shared().tell(|core| {
            let engine = core.first().engine.at(now());
            let id = engine.say(room, text, random);
            let said = engine.view.outbox.0.get(id).cloned();
            match core.over() {
                // Nobody has stopped waiting in so short a time.
                Some(error) => drop(sender.send(Err(error))),
                None => {
                    core.jobs.extend(said.map(|said| Job::Keep(Box::new(said))));
                    core.posts.insert(id, sender);
                }
            }
            id
        });
        Posting { client_id, outcome }
    }

    /// Gives one's own message another text, in whichever room it is.
    ///
    /// # Errors
    /// What the server refuses, or that it can't be reached now ([`FaultCode::Unavailable`]); nobody tries again. So it is
    /// with [`Client::delete`], and what a [`Room`] can ask for.
    pub async fn edit(&self, message: MessageId, text: MessageText) -> Result<(), Error> {
        self.ask(|engine, ticket| engine.edit(message, text, ticket)).await
    }

    /// Takes one's own message back.
    ///
    /// # Errors
    /// As [`Client::edit`].
    pub async fn delete(&self, message: MessageId) -> Result<(), Error> {
        self.ask(|engine, ticket| engine.delete(message, ticket)).await
    }

    async fn ask(&self, ask: impl FnOnce(&mut Engine<Plain>, Ticket)) -> Result<(), Error> {
        let asked = self.shared().tell(|core| {
            let (ticket, asked) = core.ticket();
            ask(core.first().engine.at(now()), ticket);
            asked
        });
        outcome(asked).await.map(drop)
    }

    /// Compares the room that was followed first with the server's, and repairs what differs. What came of it is in
    /// [`Client::with_view`].
    pub fn compare(&self) {
        self.shared().tell(|core| core.first().engine.at(now()).reconcile_by_hand());
    }

    /// How many messages are unsent.
    #[must_use]
    pub fn unsent(&self) -> usize {
        self.with_view(|view| view.outbox.0.iter().count())
    }

    /// Ends the connection, once all that is unsent is in the outbox's file; another client may open it then. Clones of this
    /// client, and rooms, are over as well. Without an outbox, what is unsent is dropped.
    ///
    /// # Errors
    /// [`Error::Unwritten`], if the file can't be written; [`Error::Panicked`], if the client's task has, so that nobody knows.
    pub async fn close(self) -> Result<(), Error> {
        let shared = self.shared();
        // What could not be written before is tried once more.
        shared.tell(|core| core.jobs.push(Job::Retry));
        let written = self.until(|core| {
            let is_done = core.jobs.is_empty() && !core.is_writing;
            (core.has_ended || is_done).then(|| core.unwritten.clone().or_else(|| core.over().filter(has_panicked)))
        });
        let failed = written.await;
        shared.tell(|core| core.end(&Error::Closed));
        self.0.task.abort();
        // The task has the file's lock.
        self.until(|core| core.has_ended.then_some(())).await;
        failed.map_or(Ok(()), Err)
    }

    /// Waits until `look` finds something, also when the client is over.
    async fn until<T>(&self, look: impl Fn(&mut Core) -> Option<T>) -> T {
        let mut changed = self.shared().changed.subscribe();
        loop {
            if let Some(found) = look(&mut self.shared().lock()) {
                return found;
            }
            changed.changed().await.expect("its sender is in what this has");
        }
    }

    pub(super) fn shared(&self) -> &Shared {
        &self.0.shared
    }
}

fn has_panicked(error: &Error) -> bool {
    matches!(error, Error::Panicked)
}

/// What comes of something that was asked for.
pub(super) async fn outcome<T>(asked: oneshot::Receiver<Result<T, Error>>) -> Result<T, Error> {
    asked.await.unwrap_or(Err(Error::Closed))
}

/// A message that has been said: a future of what becomes of it. Dropped, the message is sent all the same.
#[derive(Debug)]
pub struct Posting {
    client_id: ClientId,
    outcome: oneshot::Receiver<Result<MessageView, Error>>,
}

impl Posting {
    /// The name under which the message is sent, however often.
    #[must_use]
    pub fn client_id(&self) -> ClientId {
        self.client_id
    }
}

impl Future for Posting {
    type Output = Result<MessageView, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.outcome).poll(context).map(|outcome| outcome.unwrap_or(Err(Error::Closed)))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_room_that_is_not_made_leaves_nothing_behind() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let server = format!("http://{}", listener.local_addr().expect("an address")).parse().expect("an address");
        let session = "madang=x".parse().expect("a cookie");
        let client = Client::start(server, session, Options::default()).await.expect("a client");
        // Connected, as far as it knows, to a server that does not answer.
        let (outgoing, _frames) = tokio::sync::mpsc::channel(16);
        client.shared().tell(|core| core.connected(outgoing));
        let (name, topic) = (RoomName::parse("garden").expect("a name"), RoomTopic::parse("").expect("a topic"));
        {
            let mut making = std::pin::pin!(client.create_room(name.clone(), topic.clone()));
            assert!(making.as_mut().now_or_never().is_none(), "there is no answer");
            assert_eq!(client.shared().lock().waits_for(), (2, 1));
        }
        assert_eq!(client.shared().lock().waits_for(), (1, 0), "it was given up");
        client.shared().tell(|core| core.disconnected());
        client.create_room(name, topic).await.expect_err("there is no connection");
        assert_eq!(client.shared().lock().waits_for(), (1, 0), "it has failed");
    }
}
