//! Madang's server: pages and forms over HTTP, Socket.IO, the rules, and the database.
//!
//! [`run`] is all of it: the caller binds the listener and says when to stop.

// Types of async code nest deeper than the default of 128 when a page is rendered in it.
#![recursion_limit = "256"]

use std::{io, sync::Arc, time::Duration};

use axum::Router;
use socketioxide::SocketIo;
use thiserror::Error;
use tokio::{
    net::TcpListener,
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

pub mod chat;
pub mod clock;
mod compat;
pub mod config;
pub mod disk;
pub mod error;
mod jobs;
mod names;
pub mod net;
mod publish;
mod readiness;
mod realtime;
pub mod router;
pub mod secret;
pub mod state;
mod store;
pub mod telemetry;
mod web;

use chat::{Chat, Parts, Presence, Schedule, Typing};
use config::{Config, ConfigError};
use disk::Disk;
use net::limits::Limits;
use net::listener::Stop;
use publish::Publisher;
use readiness::Readiness;
use realtime::socketio::service::SocketIoServer;
use router::websocket::Door;
use secret::{cookie::SessionCookie, join_key::JoinKeys};
use state::AppState;
use store::{Store, Writer, lifetime::SessionLifetime};

pub use store::{OpenError, StoreError};

/// How long requests that have been taken get to be answered when the server stops.
const ANSWERS: Duration = Duration::from_secs(3);
/// How long connections get to end by themselves after that.
const GOODBYES: Duration = Duration::from_secs(4);
/// How long what is waiting gets to be stored after that. Whoever stops the server is not kept waiting longer than 10 s.
const LAST_COMMITS: Duration = Duration::from_secs(2);
/// How long those that poll get to fetch the last event.
const LAST_POLL: Duration = Duration::from_millis(300);

/// Why the server could not start, or stopped by itself.
#[derive(Debug, Error)]
pub enum Error {
    /// A setting cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The listener failed.
    #[error("Madang can't accept connections: {0}.")]
    Serve(#[from] io::Error),
    /// A task that the server cannot do without ended, though nobody stopped it.
    #[error("Madang can't go on: a part of it failed; see the log.")]
    TaskDied,
    /// What was waiting could not be stored in time. Nobody was told that it was.
    #[error("Madang stops before all that was waiting is stored; nothing that was acknowledged is lost.")]
    Unfinished,
    /// The database could not be closed. What was acknowledged is stored.
    #[error("The database can't be closed: {0}.")]
    Close(#[from] StoreError),
}

/// Serves Madang until `shutdown` is done, then stops within 10 seconds: it accepts no more connections, answers the
/// requests that it has taken, stores what is waiting, tells clients when to come back, and closes their sockets.
///
/// # Errors
/// [`Error`], each a sentence for the operator.
pub async fn run(
    listener: TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error> {
    Server::open(config).await?.serve(listener, shutdown).await
}

/// What accepts and serves connections.
type Serving = JoinHandle<()>;

/// A server whose database is open, but which does not listen yet.
pub struct Server {
    state: AppState,
    io: SocketIo,
    socket_io: SocketIoServer,
    door: Door,
    store: Store,
    committer: JoinHandle<Writer>,
    stop_committer: CancellationToken,
    tasks: JoinHandle<()>,
}

impl Server {
    /// Opens the database in the data folder, making both when they are missing.
    ///
    /// # Errors
    /// [`Error::Config`], [`Error::Open`].
    pub async fn open(config: Config) -> Result<Self, Error> {
        config.validate()?;
        let (store, writer) = store::open(&config.data).await?;
        let limits = Limits::new(&config);
        let cookie = SessionCookie::new(&writer.server, config.secure_cookies, config.session_max);
        let (service, io) = realtime::socketio::settings::build(config.socket_buffer, config.deadlines.connect);
        let (publisher, backlog) = Publisher::new(io.clone(), compat::dialects::ALL);
        let typing = Typing::default();
        let presence = Presence::new(config.presence_grace, typing.clone());
        let stop_committer = CancellationToken::new();
        let disk = Disk::default();
        let (committer, work) = chat::committer(
            config.commit_batch,
            disk.clone(),
            writer,
            publisher.clone(),
            presence.clone(),
            config.clock.clone(),
            stop_committer.clone(),
        );
        let clock = config.clock.clone();
        let (name_hold, most_rooms) = (config.name_hold, config.rooms);
        let schedule = Schedule {
            every: config.cleaning,
            empty_rooms: config.empty_room_expiry.end(),
            messages: config.keep_messages.end(),
        };
        let lifetime = SessionLifetime { idle: config.session_idle, whole: config.session_max };
        let parts = Parts {
            committer,
            store: store.clone(),
            publisher,
            presence,
            typing,
            clock,
            name_hold,
            most_rooms,
            disk: disk.clone(),
            schedule,
            lifetime,
        };
        let (chat, tasks) = Chat::start(parts, backlog);
        let watch = disk.watch(config.gauge.clone(), config.data.clone(), config.disk_reserve);
        realtime::events::open(&io, &chat, &limits);
        compat::dialects::open(&io, &chat, &limits, config.dialects);
        let door = Door::new(chat.clone(), limits.clone(), config.dialects, config.socket_buffer);
        let readiness = Readiness::new(chat.clone(), limits.clone(), config.clock.clone());
        let socket_io = SocketIoServer::new(service, limits.clone());
        let sweep = jobs::sweep::sweep(limits.clone(), config.deadlines);
        let close_sessions = socket_io.clone().close_sessions();
        let tasks = async move {
            tokio::join!(tasks, sweep, close_sessions);
        };
        Ok(Self {
            state: AppState { chat, config: Arc::new(config), limits, readiness, cookie, join_keys: JoinKeys::new() },
            io,
            socket_io,
            door,
            store,
            committer: tokio::spawn(work),
            stop_committer,
            tasks: tokio::spawn(async move {
                tokio::join!(tasks, watch);
            }),
        })
    }

    /// All routes, for whoever serves them in another way.
    pub fn router(&self) -> Router {
        router::router(self.state.clone(), self.socket_io.clone(), self.door.route())
    }

    /// Serves until `shutdown` is done, then stops; see [`run`].
    ///
    /// # Errors
    /// All but [`Error::Config`] and [`Error::Open`].
    pub async fn serve(
        mut self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Error> {
        let stop = Stop::default();
        let AppState { config, limits, .. } = self.state.clone();
        let mut serving = tokio::spawn(net::listener::serve(listener, self.router(), limits, config, stop.clone()));

        let stopped_by_itself = tokio::select! {
            () = shutdown => None,
            served = &mut serving => Some(served.map_err(io::Error::other).err().map(Error::from)),
            _ = &mut self.committer => return Err(Error::TaskDied),
            _ = &mut self.tasks => return Err(Error::TaskDied),
        };
        stop.accepting.cancel();
        // What hangs here is told apart in the log: a disk that does not answer, or a client that takes nothing in.
        if timeout(ANSWERS, self.state.chat.finish()).await.is_err() {
            tracing::warn!("some requests were not answered in time");
        }
        let left = stopped_by_itself.is_none().then_some(&mut serving);
        if timeout(GOODBYES, self.say_goodbye(&stop.serving, left)).await.is_err() {
            tracing::info!("some connections did not end by themselves");
            serving.abort();
        }
        self.tasks.abort();
        timeout(LAST_COMMITS, self.close()).await.map_err(|_| Error::Unfinished)??;
        stopped_by_itself.flatten().map_or(Ok(()), Err)
    }

    /// Tells clients when to come back and closes their sockets. `serving` ends with the last connection.
    async fn say_goodbye(&self, stop_serving: &CancellationToken, serving: Option<&mut Serving>) {
        self.state.chat.announce_shutdown();
        // Those that poll may be between two polls.
        sleep(LAST_POLL).await;
        stop_serving.cancel();
        tokio::join!(self.io.close(), self.door.close());
        if let Some(serving) = serving
            && let Err(error) = serving.await
        {
            tracing::warn!(%error, "the listener failed at last");
        }
    }

    /// Stores what is waiting and closes the database.
    async fn close(self) -> Result<(), Error> {
        self.stop_committer.cancel();
        let writer = self.committer.await.map_err(|_| Error::TaskDied)?;
        self.store.close().await;
        Ok(writer.close().await?)
    }
}
