use socketioxide::SocketIo;
use tokio::task::JoinHandle;

use super::*;
use crate::{chat::Typing, config::Config, limits::Limits, store};

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
    let limits = Limits::new(&Config::default());
    let (publisher, _) = Publisher::new(SocketIo::new_svc().1, &[], limits);
    let presence = Presence::new(std::time::Duration::ZERO, Typing::default());
    let stop = CancellationToken::new();
    let (committer, work) =
        committer(8, crate::disk::Disk::default(), writer, publisher, presence, Clock::system(), stop.clone());
    (committer, tokio::spawn(work), stop)
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
