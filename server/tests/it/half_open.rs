//! Sessions that are broken off, or left half open: each gives its place back.

use std::{
    io::{Read, Write},
    time::Duration,
};

use madang_server::config::{Config, Deadlines, Dialects};
use serde_json::json;
use tokio::time::sleep;

use crate::support::{Pair, TestServer, plain::Plain, polling::Polling, raw::Raw, wire::Wire, within};

/// More often than an address has places.
const TIMES: usize = 40;
const SOON: Duration = Duration::from_millis(300);
/// Long enough for who means to join, also on a machine that is busy.
const TO_JOIN: Duration = Duration::from_secs(2);

const WEB_SOCKETS: [&str; 3] =
    ["/socket.io/?EIO=3&transport=websocket", "/socket.io/?EIO=4&transport=websocket", "/ws"];

/// Where a client breaks off.
#[derive(Clone, Copy, Debug)]
enum Step {
    InTheHead,
    AfterTheRequest,
    AtTheFirstByte,
    AfterTheAnswer,
    InAFrame,
}

const STEPS: [Step; 5] =
    [Step::InTheHead, Step::AfterTheRequest, Step::AtTheFirstByte, Step::AfterTheAnswer, Step::InAFrame];

fn upgrade(path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}

async fn break_off(server: &TestServer, path: &str, step: Step) {
    let request = upgrade(path);
    let mut raw = Raw::connect(server).await;
    match step {
        Step::InTheHead => raw.send(&request[..request.len() - 2]).await,
        Step::AfterTheRequest => raw.send(request).await,
        Step::AtTheFirstByte => {
            raw.send(request).await;
            raw.bytes(1).await;
        }
        Step::AfterTheAnswer => {
            raw.send(request).await;
            raw.some().await;
        }
        Step::InAFrame => {
            raw.send(request).await;
            raw.some().await;
            raw.send([0x81, 0xfe]).await;
        }
    }
    raw.reset();
}

/// Waits until the server holds no session.
async fn all_gone(server: &TestServer) {
    within(async { while server.held().await.1 > 0 {} }).await;
}

#[tokio::test]
async fn who_resets_a_handshake_at_any_step_leaves_nothing_behind() {
    let server = TestServer::limited("1", |config| config.connections_per_address = 16).await;
    for path in WEB_SOCKETS {
        for step in STEPS {
            // At the first byte of the answer it is a matter of luck what the server is at.
            let times = if matches!(step, Step::AtTheFirstByte) { 5 * TIMES } else { TIMES };
            for _ in 0..times {
                break_off(&server, path, step).await;
            }
        }
    }
    // None of them could join anything, and the deadline for that is far away.
    all_gone(&server).await;
    Pair::join(&server).await.talk().await;
    Wire::open_by(&server, 3, &[]).await.expect("a WebSocket");
}

/// The opening packet follows the answer at once: only who is as quick as the server resets the connection between the
/// two. So this one has a thread of its own, and tries often.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_resets_between_the_answer_and_the_opening_packet_leaves_nothing_behind() {
    let server = TestServer::limited("1", |config| config.connections_per_address = 16).await;
    let (host, request) = (server.host.clone(), upgrade(WEB_SOCKETS[0]));
    let resetting = tokio::task::spawn_blocking(move || {
        for _ in 0..2_000 {
            let mut stream = std::net::TcpStream::connect(&host).expect("a connection");
            socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).expect("a socket");
            stream.write_all(request.as_bytes()).expect("sent");
            // A refusal begins with the same byte, and is as good.
            let _answered = stream.read(&mut [0]);
        }
    });
    resetting.await.expect("no panic");
    all_gone(&server).await;
    Wire::open_by(&server, 3, &[]).await.expect("a WebSocket").next_like("40").await;
}

#[tokio::test]
async fn who_never_polls_is_let_go_whatever_it_speaks() {
    let deadlines = Deadlines { connect: TO_JOIN, ..Deadlines::default() };
    let server = TestServer::limited("1", |config| config.deadlines = deadlines).await;
    for version in [3, 4] {
        for _ in 0..TIMES {
            let address = format!("{}/socket.io/?EIO={version}&transport=polling", server.url);
            assert_eq!(within(server.http.get(&address).send()).await.expect("an answer").status(), 200);
        }
    }
    all_gone(&server).await;
    Pair::join(&server).await.talk().await;
}

#[tokio::test]
async fn an_older_client_that_gets_into_no_namespace_is_let_go() {
    let deadlines = Deadlines { connect: TO_JOIN, ..Deadlines::default() };
    let off = |config: &mut Config| {
        config.deadlines = deadlines;
        config.dialects = Dialects::Off;
    };
    let server = TestServer::limited("1", off).await;
    let mut wire = Wire::open_by(&server, 3, &[]).await.expect("a WebSocket");
    wire.next_like("44").await;
    // It answers for itself all the time, which is not what a session is for.
    while wire.try_send("2").await.is_ok() && wire.next().await.is_some() {}
    all_gone(&server).await;
}

#[tokio::test]
async fn who_leaves_the_last_namespace_is_let_go() {
    let deadlines = Deadlines { connect: TO_JOIN, ..Deadlines::default() };
    let server = TestServer::limited("1", |config| config.deadlines = deadlines).await;
    let cookie = server.sign_in("민수").await;
    let mut member = Wire::join(&server, &cookie).await;
    let mut guest = Wire::open(&server, &[]).await.expect("a WebSocket");
    guest.send("40").await;
    guest.next_like("40").await;
    member.send("41/chat,").await;
    guest.send("41").await;
    member.ended().await;
    guest.ended().await;
    all_gone(&server).await;
}

#[tokio::test]
async fn a_web_socket_on_which_nothing_comes_is_closed() {
    let deadlines = Deadlines { silence: SOON, ..Deadlines::default() };
    let server = TestServer::limited("1", |config| config.deadlines = deadlines).await;
    for path in WEB_SOCKETS {
        let mut raw = Raw::connect(&server).await;
        raw.send(upgrade(path)).await;
        assert!(raw.rest().await.starts_with("HTTP/1.1 101 "), "{path}");
    }
    all_gone(&server).await;
}

#[tokio::test]
async fn who_means_to_speak_gets_the_place_of_who_does_not() {
    let server = TestServer::limited("1", |config| config.connections_per_address = 16).await;
    let mut lying_about = Vec::new();
    // As many as there are places: none is free, and none of them has joined anything.
    for _ in 0..8 {
        lying_about.push(Wire::open(&server, &[]).await.expect("a WebSocket"));
    }
    assert_eq!(server.held().await.1, 8);
    // Once they have been there for a while, the first of them gives way.
    within(async {
        loop {
            match Wire::open(&server, &[]).await {
                Ok(wire) => break wire.drop_silently(),
                Err(_) => sleep(Duration::from_millis(50)).await,
            }
        }
    })
    .await;
    let mut pair = Pair::join(&server).await;
    pair.talk().await;
    for wire in &mut lying_about[..2] {
        wire.ended().await;
    }
    // No more than the three for whom they gave way.
    for wire in &mut lying_about[3..] {
        wire.send("40/nowhere,").await;
        wire.next_like("44/nowhere,").await;
    }
}

#[tokio::test]
async fn who_has_joined_stays_beyond_every_deadline() {
    let deadlines = Deadlines { connect: TO_JOIN, ..Deadlines::default() };
    let server = TestServer::limited("1", |config| config.deadlines = deadlines).await;
    let cookie = server.sign_in("민수").await;
    let mut text = Plain::text(&server).await;
    let mut program = Plain::json(&server, &cookie).await;
    let mut wire = Wire::join(&server, &cookie).await;
    let mut old = Wire::open_by(&server, 3, &[]).await.expect("a WebSocket");
    let polling = Polling::join(&server, &cookie).await;
    // Others come later and are let go: so it is not that nobody looks.
    let mut half_open = Wire::open(&server, &[]).await.expect("a WebSocket");
    half_open.ended().await;
    let old_poll = format!("{}/socket.io/?EIO=3&transport=polling", server.url);
    assert_eq!(within(server.http.get(&old_poll).send()).await.expect("an answer").status(), 200);
    within(async { while server.held().await.1 > 5 {} }).await;

    text.ping().await;
    program.ask("session.hello", json!({})).await;
    wire.send("42/chat,1[\"room.head\",{}]").await;
    wire.next_like("43/chat,1").await;
    old.send("2").await;
    old.next_like("3").await;
    assert_eq!(polling.send("42/chat,1[\"room.head\",{}]".to_owned()).await.status(), 200);
    while !polling.poll().await.contains("43/chat,1[") {}
}
