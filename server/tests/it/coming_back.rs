//! Clients of other projects come back when the server was stopped and started again, as they do from the Node server.
//! Those of Node and Python are in `end2end/tests/notes/coming_back.spec.ts`.

use std::time::Duration;

use futures_util::FutureExt;
use rust_socketio::{Event, Payload, TransportType, asynchronous};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use crate::support::{TestServer, Transport, wire::Wire, within};

const TRANSPORTS: [Transport; 3] = [Transport::WebSocket, Transport::Polling, Transport::Upgrade];
/// As soon as it can; in milliseconds.
const AT_ONCE: (u64, u64) = (50, 100);

/// What a client goes through.
#[derive(Debug, PartialEq)]
enum Step {
    Connected,
    Heard(String),
}

/// Waits until everyone in turn has gone through the next step.
async fn all(clients: &mut [UnboundedReceiver<Step>], expected: &Step) {
    for (place, client) in clients.iter_mut().enumerate() {
        let step = within(client.recv()).await.expect("the client lives");
        assert_eq!(step, *expected, "client {place}");
    }
}

fn heard(payload: Payload) -> Step {
    let Payload::Text(mut values) = payload else { panic!("a text") };
    Step::Heard(values.remove(0).as_str().expect("a text").to_owned())
}

async fn asynchronous_client(url: &str, transport: Transport, steps: UnboundedSender<Step>) -> asynchronous::Client {
    let connected = steps.clone();
    let builder = asynchronous::ClientBuilder::new(url)
        .transport_type(transport.into())
        .reconnect_delay(AT_ONCE.0, AT_ONCE.1)
        .on(Event::Connect, move |_, _| {
            drop(connected.send(Step::Connected));
            async {}.boxed()
        })
        .on("chat message", move |payload, _| {
            drop(steps.send(heard(payload)));
            async {}.boxed()
        });
    within(builder.connect()).await.expect("a connection")
}

/// rust_socketio's other client, which blocks.
fn blocking_client(
    url: &str,
    transport: TransportType,
    steps: UnboundedSender<Step>,
) -> rust_socketio::client::Client {
    let connected = steps.clone();
    rust_socketio::ClientBuilder::new(url)
        .transport_type(transport)
        .reconnect_delay(AT_ONCE.0, AT_ONCE.1)
        .on(Event::Connect, move |_, _| drop(connected.send(Step::Connected)))
        .on("chat message", move |payload, _| drop(steps.send(heard(payload))))
        .connect()
        .expect("a connection")
}

// Some of these clients ask again without a pause while there is no server, and would leave it no time on one thread.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rust_socketio_comes_back_over_each_transport() {
    let server = TestServer::start().await;
    let (mut clients, mut connections, mut blocking) = (Vec::new(), Vec::new(), Vec::new());
    for transport in TRANSPORTS {
        let (steps, client) = mpsc::unbounded_channel();
        connections.push(asynchronous_client(&server.url, transport, steps).await);
        clients.push(client);
        let (steps, client) = mpsc::unbounded_channel();
        let (url, transport) = (server.url.clone(), transport.into());
        let connecting = tokio::task::spawn_blocking(move || blocking_client(&url, transport, steps));
        blocking.push(within(connecting).await.expect("no panic"));
        clients.push(client);
    }
    all(&mut clients, &Step::Connected).await;
    let server = server.restart_here().await;
    all(&mut clients, &Step::Connected).await;

    let mut peer = Wire::open(&server, &[]).await.expect("a WebSocket");
    peer.send("40").await;
    peer.next_like("40{").await;
    peer.send("42[\"chat message\",\"welcome back\"]").await;
    all(&mut clients, &Step::Heard("welcome back".to_owned())).await;
    for connection in connections {
        within(connection.disconnect()).await.expect("a connection to close");
    }
    // They block, and wait for pings of a server that goes with this test.
    blocking.into_iter().for_each(std::mem::forget);
}

/// A session of long polling.
struct Polling {
    http: reqwest::Client,
    address: String,
}

impl Polling {
    async fn open(server: &TestServer) -> Self {
        let http = server.http.clone();
        let address = format!("{}/socket.io/?EIO=4&transport=polling", server.url);
        let answer = within(async { http.get(&address).send().await?.text().await }).await.expect("a handshake");
        let (_, sid) = answer.split_once("\"sid\":\"").expect("an id");
        let (sid, _) = sid.split_once('"').expect("an id");
        Self { address: format!("{address}&sid={sid}"), http }
    }

    /// The packets of one answer; none when there is no server any more.
    async fn poll(&self) -> Option<Vec<String>> {
        let answer =
            within(self.http.get(&self.address).send()).await.ok().filter(|answer| answer.status() == 200)?;
        let packets = within(answer.text()).await.expect("a text");
        Some(packets.split('\u{1e}').map(str::to_owned).collect())
    }

    async fn post(&self, packets: &'static str) {
        let answer = within(self.http.post(&self.address).body(packets).send()).await.expect("an answer");
        assert_eq!(answer.status(), 200);
    }

    /// All packets until there are no more.
    async fn rest(&self) -> Vec<String> {
        let mut rest = Vec::new();
        while let Some(packets) = self.poll().await {
            rest.extend(packets);
        }
        rest
    }
}

/// All frames until the WebSocket ends.
async fn rest(wire: &mut Wire) -> Vec<String> {
    let mut rest = Vec::new();
    while let Some(frame) = wire.next().await {
        rest.push(frame);
    }
    rest
}

/// The packet `close` is final to some clients.
#[tokio::test]
async fn nobody_is_told_that_it_is_over() {
    let server = TestServer::start().await;
    let mut new = Wire::open(&server, &[]).await.expect("a WebSocket");
    new.send("40").await;
    new.next_like("40{").await;
    let mut old = Wire::open_by(&server, 3, &[]).await.expect("a WebSocket");
    old.next_like("40").await;
    let polling = Polling::open(&server).await;
    polling.post("40").await;
    old.send("42[\"chat message\",\"the last word\"]").await;
    for wire in [&mut new, &mut old] {
        wire.next_like("42[\"chat message\",\"the last word\"]").await;
    }

    let stopped = tokio::spawn(server.stop());
    let (new, old, polled) = tokio::join!(rest(&mut new), rest(&mut old), polling.rest());
    for packets in [&new, &old, &polled] {
        assert_eq!(packets.last().map(String::as_str), Some("6"), "in place of the close: {packets:?}");
        assert!(!packets.iter().any(|packet| packet == "1" || packet.starts_with("41")), "{packets:?}");
    }
    assert!(polled.iter().any(|packet| packet.contains("the last word")), "{polled:?}");
    within(stopped).await.expect("it stops");
}

/// Such as one that joins no namespace, or whose client has been silent for too long.
#[tokio::test]
async fn a_session_that_ends_for_another_reason_ends_without_it_too() {
    let server = TestServer::start_with(|config| config.deadlines.connect = Duration::from_millis(100)).await;
    let mut wire = Wire::open(&server, &[]).await.expect("a WebSocket");
    assert!(wire.next().await.expect("a handshake").starts_with("0{"));
    assert_eq!(rest(&mut wire).await, ["6"]);
    let polling = Polling::open(&server).await;
    let packets = polling.rest().await;
    assert_eq!(packets.last().map(String::as_str), Some("6"), "{packets:?}");
}
