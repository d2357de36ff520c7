//! Bots without a server, or without a disk: what they say is kept and sent when both are there, and nobody waits in vain.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::{SinkExt as _, StreamExt as _};
use madang_client::driver::{Client, Error, Observer, Options, Pace, Session};
use madang_common::{
    id::{ClientId, RoomId},
    text::{MessageText, RoomName, RoomTopic},
};
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::yield_now,
    time::timeout,
};
use tokio_tungstenite::{accept_async, tungstenite::Message};

const OPEN: &str = r#"0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000}"#;
const ROOM: RoomId = RoomId(1);
/// How long anything may take before it counts as never.
const NEVER: Duration = Duration::from_secs(30);

/// An address where nobody listens.
async fn nobody() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address")
}

/// A server that lets everyone in and stores what is posted: the names of that, in its order.
async fn server() -> (SocketAddr, mpsc::UnboundedReceiver<ClientId>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (posted, stored) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, posted.clone()));
        }
    });
    (address, stored)
}

/// Serves a client until it goes.
async fn serve(stream: TcpStream, posted: mpsc::UnboundedSender<ClientId>) -> Option<()> {
    let mut socket = accept_async(stream).await.ok()?;
    socket.send(Message::text(OPEN)).await.ok()?;
    socket.next().await?.ok()?;
    socket.send(Message::text(r#"40/chat,{"sid":"a"}"#)).await.ok()?;
    loop {
        let frame = socket.next().await?.ok()?;
        let Some(packet) = frame.to_text().ok()?.strip_prefix("42/chat,") else { continue };
        let payload = packet.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = &packet[..packet.len() - payload.len()];
        let (event, data): (String, Value) = serde_json::from_str(payload).expect("an event");
        let me = json!({ "id": 7, "name": "bot", "outside": false });
        let answer = match event.as_str() {
            "session.hello" => json!({ "ok": { "me": me, "rooms": [] } }),
            "message.post" => {
                posted.send(serde_json::from_value(data["client_id"].clone()).expect("an id")).ok()?;
                json!({ "ok": {
                    "id": 1, "room": data["room"], "seq": 1, "rev": 1, "author": me, "client_id": data["client_id"],
                    "sent_at": 0, "body": { "kind": "text", "text": data["text"], "edited_at": null },
                } })
            }
            _ => json!({ "fault": { "code": "not_found", "message": "There is no such thing." } }),
        };
        socket.send(Message::text(format!("43/chat,{number}[{answer}]"))).await.ok()?;
    }
}

fn options(outbox: &Path) -> Options {
    let quick = Duration::from_millis(1);
    let pace = Pace { first_retry: quick, longest_retry: quick, ..Pace::default() };
    Options { outbox: Some(outbox.to_owned()), pace, ..Options::default() }
}

async fn start(server: SocketAddr, options: Options) -> Client {
    let session: Session = "madang=x".parse().expect("a cookie");
    let server = format!("http://{server}").parse().expect("an address");
    Client::start(server, session, options).await.expect("a client")
}

fn text(text: &str) -> MessageText {
    MessageText::parse(text).expect("a text")
}

/// Waits until the file holds this.
async fn until_kept(outbox: &Path, id: ClientId) {
    let is_kept = || fs::read_to_string(outbox).is_ok_and(|kept| kept.contains(&id.to_string()));
    let kept = async {
        while !is_kept() {
            yield_now().await;
        }
    };
    timeout(NEVER, kept).await.expect("it is not kept");
}

/// A folder, and the outbox in it.
fn outbox() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("outbox");
    (folder, path)
}

/// Lets no file take the outbox's place, as a full disk would; [`mend`] undoes it.
fn break_disk(outbox: &Path) {
    fs::create_dir(outbox.with_file_name("outbox.new")).expect("a folder");
}

fn mend_disk(outbox: &Path) {
    fs::remove_dir(outbox.with_file_name("outbox.new")).expect("it is empty");
}

#[tokio::test]
async fn what_is_posted_before_the_first_connection_is_sent_after_a_restart() {
    let (_folder, path) = outbox();
    let client = start(nobody().await, options(&path)).await;
    let said = ["one", "two", "three"].map(|said| client.post(ROOM, text(said)).client_id());
    until_kept(&path, said[2]).await;
    // As in a crash.
    drop(client);
    let (address, mut stored) = server().await;
    let client = start(address, options(&path)).await;
    for id in said {
        assert_eq!(timeout(NEVER, stored.recv()).await.expect("it is not sent"), Some(id));
    }
    client.close().await.expect("all is written");
}

#[tokio::test]
async fn a_client_that_never_connected_is_closed_with_all_of_it_in_the_file() {
    let (_folder, path) = outbox();
    let client = start(nobody().await, options(&path)).await;
    let posting = client.post(ROOM, text("said"));
    client.close().await.expect("it is written");
    assert!(fs::read_to_string(&path).expect("it is there").contains(&posting.client_id().to_string()));
    assert_eq!(posting.await, Err(Error::Closed));
    // And the file is free.
    let client = start(nobody().await, options(&path)).await;
    assert_eq!(client.unsent(), 1);
}

/// Notes what was complained of.
#[derive(Default)]
struct Complaints(Mutex<Vec<String>>);

impl Observer for Complaints {
    fn complained(&self, what: &str, why: &str) {
        self.0.lock().expect("a list").push(format!("{what}: {why}"));
    }
}

#[tokio::test]
async fn what_could_not_be_written_is_once_that_can_be_done_again_and_is_sent_meanwhile() {
    let (_folder, path) = outbox();
    let complaints = Arc::<Complaints>::default();
    let (address, mut stored) = server().await;
    let observed = Options { observer: complaints.clone(), ..options(&path) };
    let client = start(address, observed.clone()).await;
    client.live().await.expect("it is let in");
    break_disk(&path);
    for said in ["one", "two"] {
        let posting = client.post(ROOM, text(said));
        let id = posting.client_id();
        timeout(NEVER, posting).await.expect("it is not sent").expect("it is stored");
        assert_eq!(stored.recv().await, Some(id));
    }
    client.close().await.expect_err("the disk is full");
    assert_eq!(complaints.0.lock().expect("a list").len(), 1, "it is told once");
    // Without a server, all of it is still to be sent when the disk has room.
    let client = start(nobody().await, observed).await;
    let id = client.post(ROOM, text("three")).client_id();
    let complained = async {
        while complaints.0.lock().expect("a list").len() < 2 {
            yield_now().await;
        }
    };
    timeout(NEVER, complained).await.expect("nobody is told");
    mend_disk(&path);
    until_kept(&path, id).await;
    client.close().await.expect("all is written");
}

#[tokio::test]
async fn closing_tells_that_the_outbox_could_not_be_written() {
    let (_folder, path) = outbox();
    let client = start(nobody().await, options(&path)).await;
    break_disk(&path);
    drop(client.post(ROOM, text("said")));
    let closed = timeout(NEVER, client.clone().close()).await.expect("it does not end");
    assert!(matches!(closed, Err(Error::Unwritten { path: told, .. }) if told == path));
    assert_eq!(timeout(NEVER, client.live()).await, Ok(Err(Error::Closed)));
}

/// Does something that its author has not thought of.
struct Clumsy;

impl Observer for Clumsy {
    fn connected(&self) {
        panic!("an index out of bounds, say");
    }
}

#[tokio::test]
async fn nobody_waits_for_a_client_that_has_panicked() {
    let (_folder, path) = outbox();
    let (address, _stored) = server().await;
    let client = start(address, Options { observer: Arc::new(Clumsy), ..options(&path) }).await;
    let posting = client.post(ROOM, text("said"));
    let (name, topic) = (RoomName::parse("garden").expect("a name"), RoomTopic::parse("").expect("a topic"));
    let waiting = async {
        let (posted, live) = tokio::join!(posting, client.live());
        (
            posted.map(drop),
            live,
            client.create_room(name, topic).await.map(drop),
            client.follow("lobby").await.map(drop),
        )
    };
    let (posted, live, made, followed) = timeout(NEVER, waiting).await.expect("they wait for ever");
    for told in [posted, live, made, followed] {
        assert_eq!(told, Err(Error::Panicked));
    }
    assert_eq!(timeout(NEVER, client.close()).await, Ok(Err(Error::Panicked)));
}

#[tokio::test]
async fn nobody_waits_for_a_client_that_was_dropped() {
    let (_folder, path) = outbox();
    let client = start(nobody().await, options(&path)).await;
    let posting = client.post(ROOM, text("said"));
    drop(client);
    assert_eq!(timeout(NEVER, posting).await, Ok(Err(Error::Closed)));
}
