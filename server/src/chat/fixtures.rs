//! A chat whose committer is turned by hand, so that a test says what happens together.

use std::time::Duration;

use madang_common::{
    id::{ClientId, RoomId, UserId},
    text::{MessageText, UserName},
    time::UnixMillis,
};
use socketioxide::SocketIo;
use tempfile::TempDir;

use super::{
    Chat, Parts, Presence, Schedule, Typing,
    account::{SignIn, SignedIn},
    commit::{Command, fixtures::ByHand},
};
use crate::{
    clock::ManualClock,
    config::Config,
    disk::Disk,
    error::Refusal,
    publish::Publisher,
    secret::TokenHash,
    store::{self, Store, lifetime::SessionLifetime},
};

/// 2026-11-21T00:00:00Z.
const START: UnixMillis = UnixMillis(1_795_219_200_000);

pub(super) const LOBBY: RoomId = RoomId(1);

pub(super) struct Trial {
    pub(super) chat: Chat,
    pub(super) committer: ByHand,
    pub(super) store: Store,
    pub(super) clock: ManualClock,
    _folder: TempDir,
}

impl Trial {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, writer) = store::open(folder.path()).await.expect("a database");
        let clock = ManualClock::new(START);
        let config = Config { clock: clock.clock(), ..Config::default() };
        let (_, io) = SocketIo::new_layer();
        let (publisher, backlog) = Publisher::new(io, &[]);
        let typing = Typing::default();
        let presence = Presence::new(Duration::ZERO, typing.clone());
        let (queue, committer) = ByHand::new(writer, publisher.clone(), presence.clone(), config.clock.clone());
        let parts = Parts {
            committer: queue,
            store: store.clone(),
            publisher,
            presence,
            typing,
            clock: config.clock,
            name_hold: config.name_hold,
            most_rooms: config.rooms,
            disk: Disk::default(),
            schedule: Schedule { every: config.cleaning, empty_rooms: None, messages: None },
            lifetime: SessionLifetime { idle: config.session_idle, whole: config.session_max },
        };
        let (chat, _) = Chat::start(parts, backlog);
        Self { chat, committer, store, clock, _folder: folder }
    }

    /// Runs a command in a transaction of its own.
    pub(super) async fn run<C: Command>(&mut self, command: C) -> Result<C::Reply, Refusal> {
        let chat = self.chat.clone();
        tokio::join!(chat.0.parts.committer.commit(command), self.committer.commit(1)).0
    }

    /// What joining under a name is.
    pub(super) fn joining(&self, name: &str) -> SignIn {
        SignIn { chat: self.chat.clone(), session: None, form: None, name: self::name(name) }
    }

    /// Joins under a name.
    pub(super) async fn join(&mut self, name: &str) -> (UserId, TokenHash) {
        let joining = self.joining(name);
        let SignedIn { user, token, .. } = self.run(joining).await.expect("the name is free");
        (user.id, token.expect("a new session").hash())
    }
}

/// Waits for something that must happen.
pub(super) async fn within<F: Future>(what: F) -> F::Output {
    tokio::time::timeout(Duration::from_secs(20), what).await.expect("it should have happened by now")
}

pub(super) fn name(text: &str) -> UserName {
    UserName::parse(text).expect("a name")
}

pub(super) fn words(text: &str) -> MessageText {
    MessageText::parse(text).expect("a text")
}

pub(super) fn client_id(number: u8) -> ClientId {
    ClientId::new(1_700_000_000_000, [number; 10])
}
