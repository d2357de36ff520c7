use madang_common::{
    id::{MessageId, Rev, Seq, UserId},
    message::{Body, MessageView},
    user::UserView,
};
use socketioxide::SocketIo;
use tokio::task::JoinHandle;

use super::*;
use crate::{
    chat::{
        Typing,
        fixtures::{name, within, words},
    },
    publish::{self, Backlog, guests::LobbyMessage},
    store,
};

struct Fails;

// Not tried with the commands that the server has.
impl super::Command for Fails {
    type Reply = ();

    async fn run(&self, _: &mut Change<'_>) -> Result<(), Refusal> {
        Err(Refusal::Store(StoreError::Corrupt("test")))
    }
}

async fn open(folder: &std::path::Path) -> (Committer, JoinHandle<Writer>, CancellationToken) {
    let (_, writer) = store::open(folder).await.expect("a database");
    let (publisher, _) = publisher();
    start(writer, publisher)
}

fn publisher() -> (Publisher, Backlog) {
    Publisher::new(SocketIo::new_svc().1, &[])
}

fn start(writer: Writer, publisher: Publisher) -> (Committer, JoinHandle<Writer>, CancellationToken) {
    let presence = Presence::new(std::time::Duration::ZERO, Typing::default());
    let stop = CancellationToken::new();
    let (committer, work) = committer(8, Disk::default(), writer, publisher, presence, Clock::system(), stop.clone());
    (committer, tokio::spawn(work), stop)
}

/// Says so many things at once in the lobby.
struct Speaks(usize);

impl super::Command for Speaks {
    type Reply = ();

    async fn run(&self, change: &mut Change<'_>) -> Result<(), Refusal> {
        for _ in 0..self.0 {
            let message = MessageView {
                id: MessageId(1),
                room: change.lobby,
                seq: Seq(1),
                rev: Rev(1),
                author: UserView { id: UserId(1), name: name("x"), outside: true },
                client_id: change.client_id(),
                sent_at: change.now,
                body: Body::Text { text: words("hello"), edited_at: None },
            };
            change.effects.say(LobbyMessage { message, from: None, _untold: None });
        }
        Ok(())
    }
}

#[tokio::test]
async fn no_commit_waits_for_those_who_are_told_of_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, writer) = store::open(folder.path()).await.expect("a database");
    let (publisher, backlog) = publisher();
    let (committer, _work, _stop) = start(writer, publisher.clone());
    // Nobody outside is told anything, so that publishing stands still.
    let spoken = tokio::spawn({
        let committer = committer.clone();
        async move { committer.commit(Speaks(publish::UNTOLD + 1)).await }
    });
    let written = tokio::spawn({
        let committer = committer.clone();
        async move { committer.commit(probe::Probe { write: true }).await }
    });
    within(async {
        while store::probe::version(&mut store.read().await.expect("it is read")).await.expect("a version") == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(!spoken.is_finished() && !written.is_finished(), "who asked is answered only when it is published");
    let telling = tokio::spawn(publisher.tell_outsiders(backlog.said));
    within(spoken).await.expect("no panic").expect("it is said");
    within(written).await.expect("no panic").expect("it is written");
    telling.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_in_the_log_goes_into_the_database_although_somebody_always_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, writer) = store::open(folder.path()).await.expect("a database");
    let (publisher, _backlog) = publisher();
    let (committer, _work, _stop) = start(writer, publisher);
    let _readers = store::fixtures::always_read(&store);
    committer.commit(probe::Probe { write: true }).await.expect("it is written");
    let log = std::fs::read_dir(folder.path()).expect("it is read").map(|entry| entry.expect("it is read").path());
    let log = log.into_iter().find(|path| path.to_string_lossy().ends_with("-wal")).expect("a log");
    let length = || log.metadata().expect("it is there").len();
    assert!(length() > 0);
    within(async {
        while length() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

async fn version(writer: &mut Writer) -> i64 {
    store::probe::version(&mut writer.conn).await.expect("it is read")
}

#[tokio::test]
async fn a_probe_writes_only_when_something_failed_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let (committer, work, stop) = open(folder.path()).await;
    committer.probe().await.expect("all is well");
    stop.cancel();
    assert_eq!(version(&mut work.await.expect("no panic")).await, 0, "nothing is written");

    let (committer, work, stop) = open(folder.path()).await;
    committer.commit(Fails).await.expect_err("it fails");
    assert!(committer.failing.get());
    committer.probe().await.expect("the disk takes a write");
    assert!(!committer.failing.get());
    committer.probe().await.expect("all is well");
    stop.cancel();
    assert_ne!(version(&mut work.await.expect("no panic")).await, 0, "written once");
}
