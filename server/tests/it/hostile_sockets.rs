//! Connections that do what no decent one does.

use std::time::{Duration, Instant};

use madang_server::config::Deadlines;
use serde_json::Value;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Pair, TestServer, plain::Plain, polling::Polling, raw::Raw, wire::Wire, within};

#[tokio::test]
async fn an_event_that_announces_attachments_ends_its_connection_and_no_other() {
    let server = TestServer::limited("1", |_| {}).await;
    let mut pair = Pair::join(&server).await;
    let cookie = server.sign_in("또 다른 이").await;
    for announced in ["1", "2", "10000", "18446744073709551615", "99999999999999999999999999"] {
        let mut wire = Wire::join(&server, &cookie).await;
        wire.send(&format!("45{announced}-/chat,1[\"room.head\",{{\"_placeholder\":true,\"num\":0}}]")).await;
        while let Some(frame) = wire.next().await {
            assert!(!frame.starts_with("43/chat,1"), "{announced}: {frame}");
        }
    }
    pair.talk().await;
    // Without any, it is an event like any other.
    let mut wire = Wire::join(&server, &cookie).await;
    wire.send("450-/chat,1[\"room.head\",{}]").await;
    assert!(wire.next_like("43/chat,1").await.contains("\"ok\""));
}

#[tokio::test]
async fn attachments_that_nobody_announced_end_their_connection_and_no_other() {
    let server = TestServer::limited("1", |_| {}).await;
    let mut pair = Pair::join(&server).await;
    let cookie = server.sign_in("또 다른 이").await;
    let mut wire = Wire::join(&server, &cookie).await;
    wire.send_message(Message::binary(vec![0; 60_000])).await;
    while wire.next().await.is_some() {}
    let polling = Polling::join(&server, &cookie).await;
    polling.send("bAAAA".to_owned()).await;
    while polling.status().await == 200 {}
    pair.talk().await;
}

#[tokio::test]
async fn who_joins_no_namespace_is_let_go() {
    let deadlines = Deadlines { connect: Duration::from_millis(300), ..Deadlines::default() };
    let server = TestServer::limited("1", |config| config.deadlines = deadlines).await;
    let mut pair = Pair::join(&server).await;
    let mut half_open = Vec::new();
    for _ in 0..50 {
        half_open.push(Wire::open(&server, &[]).await.expect("a WebSocket"));
    }
    pair.talk().await;
    for mut wire in half_open {
        while wire.next().await.is_some() {}
    }
    // Not signed in: the chat is no namespace that it has joined.
    let mut wire = Wire::open(&server, &[]).await.expect("a WebSocket");
    wire.send("40/chat,").await;
    assert!(wire.next_like("44/chat,").await.contains("not_signed_in"));
    while wire.next().await.is_some() {}
    pair.talk().await;
}

#[tokio::test]
async fn there_are_no_namespaces_but_those_that_there_are() {
    let server = TestServer::limited("1", |_| {}).await;
    let mut pair = Pair::join(&server).await;
    let cookie = server.sign_in("또 다른 이").await;
    let mut wire = Wire::join(&server, &cookie).await;
    for number in 0..3_000 {
        wire.send(&format!("40/nowhere-{number},")).await;
        // What is answered as it is asked never fills the buffer.
        wire.next_like(&format!("44/nowhere-{number},")).await;
    }
    wire.send("42/nowhere-0,1[\"room.head\",{}]").await;
    wire.send("42/chat,1[\"room.head\",{}]").await;
    assert!(wire.next_like("43/chat,1").await.contains("\"ok\""), "the connection stands");
    pair.talk().await;
}

#[tokio::test]
async fn a_flood_of_events_is_answered_and_drowns_nobody() {
    let server = TestServer::limited("1", |_| {}).await;
    let mut pair = Pair::join(&server).await;
    let before = pair.messages().await;
    let cookie = server.sign_in("홍수").await;
    let mut wire = Wire::join(&server, &cookie).await;
    let lobby = 1;
    for number in 0..500 {
        let id = format!("00000000-0000-7000-8000-{number:012x}");
        let post = format!("[\"message.post\",{{\"room\":{lobby},\"client_id\":\"{id}\",\"text\":\"flood\"}}]");
        wire.send(&format!("42/chat,{number}{post}")).await;
    }
    let (mut granted, mut refused) = (0, 0);
    while granted + refused < 500 {
        let answer = wire.next_like("43/chat,").await;
        let answer: Value = serde_json::from_str(&answer[answer.find('[').expect("JSON")..]).expect("JSON");
        match answer[0]["fault"]["code"].as_str() {
            None => granted += 1,
            Some("too_often") => {
                assert!(answer[0]["fault"]["again_in"].is_u64());
                refused += 1;
            }
            Some(other) => panic!("{other}"),
        }
    }
    assert_eq!((granted, refused), (40, 460));
    pair.talk().await;
    // They and the one who floods have joined, too.
    assert_eq!(pair.messages().await, before + 1 + 40 + 1);
}

#[tokio::test]
async fn who_floods_and_reads_nothing_harms_nobody() {
    let server = TestServer::limited("1", |config| config.socket_buffer = 16).await;
    let mut pair = Pair::join(&server).await;
    let cookie = server.sign_in("홍수").await;
    let mut floods = Vec::new();
    for _ in 0..4 {
        let mut wire = Wire::join(&server, &cookie).await;
        floods.push(tokio::spawn(async move {
            // Until the server takes nothing in any more, or lets it go.
            for number in 0..5_000 {
                let nothing = format!("42/chat,{number}[\"room.head\",{{\"x\":\"{}\"}}]", "x".repeat(200));
                if wire.try_send(&nothing).await.is_err() {
                    break;
                }
            }
            wire
        }));
    }
    for _ in 0..10 {
        pair.talk().await;
    }
    for flood in floods {
        flood.abort();
    }
    pair.talk().await;
}

#[tokio::test]
async fn an_acknowledgement_s_number_may_be_as_large_as_it_can_be() {
    let server = TestServer::limited("1", |_| {}).await;
    let cookie = server.sign_in("민수").await;
    let mut wire = Wire::join(&server, &cookie).await;
    let largest = i64::MAX;
    wire.send(&format!("42/chat,{largest}[\"room.head\",{{}}]")).await;
    assert!(wire.next_like(&format!("43/chat,{largest}")).await.contains("\"ok\""));
    // What is no number is none; the event is carried out, and nobody hears of it.
    wire.send(&format!("42/chat,{}[\"room.head\",{{}}]", "9".repeat(60_000))).await;
    wire.send(&format!("43/chat,{}[1]", "9".repeat(18))).await;
    wire.send("42/chat,2[\"room.head\",{}]").await;
    assert!(wire.next_like("43/chat,").await.starts_with("43/chat,2"));

    let mut program = Plain::json(&server, &cookie).await;
    let answer = program.ask_raw(&format!("{{\"event\":\"room.head\",\"data\":{{}},\"id\":{}}}", u64::MAX)).await;
    assert_eq!(answer["ack"], u64::MAX);
    for wrong in ["18446744073709551616", "-1", "1e400", "[]"] {
        let answer = program.ask_raw(&format!("{{\"event\":\"room.head\",\"data\":{{}},\"id\":{wrong}}}")).await;
        assert_eq!(answer["fault"]["code"], "malformed", "{wrong}");
    }
}

#[tokio::test]
async fn a_frame_that_is_no_utf8_ends_its_connection_and_no_other() {
    let server = TestServer::limited("1", |_| {}).await;
    let mut pair = Pair::join(&server).await;
    let cookie = server.sign_in("또 다른 이").await;
    let mut wire = Wire::join(&server, &cookie).await;
    // A masked text frame of one byte (RFC 6455, section 5.2).
    wire.send_bytes(&[0x81, 0x81, 0, 0, 0, 0, 0xff]).await;
    while wire.next().await.is_some() {}
    pair.talk().await;
}

#[tokio::test]
async fn values_that_grow_when_they_are_read_do_not_pile_up() {
    let server = TestServer::limited("1", |_| {}).await;
    let mut pair = Pair::join(&server).await;
    let mut guests = Vec::new();
    let zeros = format!("42[\"some event\",[{}0]]", "0,".repeat(15_000));
    for _ in 0..2 {
        let mut wire = Wire::open(&server, &[]).await.expect("a WebSocket");
        wire.send("40").await;
        wire.next_like("40{").await;
        for _ in 0..41 {
            wire.send(&zeros).await;
        }
        guests.push(wire);
    }
    pair.talk().await;
    for mut wire in guests {
        wire.send("427[\"no such event\"]").await;
        assert!(wire.next_like("437").await.contains("too_often"));
    }
    within(pair.talk()).await;
}

#[tokio::test]
async fn a_connection_whose_protocol_was_broken_ends_when_its_client_ends_it() {
    let server = TestServer::limited("1", |_| {}).await;
    // A frame that is not masked, one of no known kind, and one of a reserved bit (RFC 6455, sections 5.1 and 5.2).
    for broken in [[0x81, 0x01, b'x', 0, 0, 0], [0x83, 0x80, 0, 0, 0, 0], [0xc1, 0x80, 0, 0, 0, 0]] {
        let mut raw = Raw::connect(&server).await;
        raw.send(
            "GET /ws HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        )
        .await;
        while !raw.some().await.contains("walli") {}
        let before = server.held().await.0;
        raw.send(broken).await;
        // The server says why, and that it says nothing more, before the client has done anything.
        let close = raw.rest_bytes().await;
        assert_eq!(close[..4], [0x88, close[1], 0x03, 0xea], "a close with 1002");
        let sent = Instant::now();
        raw.finish().await;
        within(async { while server.held().await.0 >= before {} }).await;
        assert!(sent.elapsed() < Duration::from_millis(500), "{:?}", sent.elapsed());
    }
}
