//! Requests that no decent client makes.

use std::time::Duration;

use madang_common::limits::FRAME_BYTES;
use madang_server::config::Deadlines;
use reqwest::header;

use crate::support::{Pair, TestServer, polling::Polling, raw::Raw, within};

const SOON: Duration = Duration::from_millis(300);

/// A server with limits that has little patience.
async fn impatient() -> TestServer {
    let deadlines = Deadlines { head: SOON, body: SOON, ..Deadlines::default() };
    TestServer::limited("1", |config| config.deadlines = deadlines).await
}

#[tokio::test]
async fn a_head_that_trickles_in_is_not_waited_for() {
    let server = impatient().await;
    let mut pair = Pair::join(&server).await;
    let mut slow = Vec::new();
    for _ in 0..50 {
        let mut raw = Raw::connect(&server).await;
        raw.send("GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: ").await;
        slow.push(tokio::spawn(raw.trickle(b'x')));
    }
    pair.talk().await;
    for raw in slow {
        let answer = raw.await.expect("no panic");
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{answer}");
    }
    pair.talk().await;
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let server = impatient().await;
    let mut raw = Raw::connect(&server).await;
    raw.send(format!("GET / HTTP/1.1\r\nhost: localhost\r\nx-long: {}", "x".repeat(16 * 1024))).await;
    let answer = raw.rest().await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[tokio::test]
async fn a_body_that_trickles_in_is_not_waited_for() {
    let server = impatient().await;
    let mut pair = Pair::join(&server).await;
    let cookie = server.sign_in("느린 이").await;
    let polling = Polling::join(&server, &cookie).await;
    let path = polling.address.strip_prefix(&server.url).expect("an address of the server").to_owned();
    let mut slow = Vec::new();
    for head in [
        format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\ncontent-length: 1000\r\n\r\n4"),
        format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\ntransfer-encoding: chunked\r\n\r\n3e8\r\n4"
        ),
        "POST /join HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: 1000\r\n\r\nname="
            .to_owned(),
    ] {
        let mut raw = Raw::connect(&server).await;
        raw.send(head).await;
        slow.push(tokio::spawn(raw.trickle(b'x')));
    }
    pair.talk().await;
    for raw in slow {
        let answer = raw.await.expect("no panic");
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(answer.ends_with("This took too long to come in.\n"), "{answer}");
    }
    // Of what came, nothing was done, and the session stands.
    assert_eq!(polling.send("42/chat,5[\"room.head\",{}]".to_owned()).await.status(), 200);
    while !polling.poll().await.contains("43/chat,5[{\"ok\"") {}
}

#[tokio::test]
async fn a_body_without_a_length_may_be_no_longer_and_the_session_stays() {
    let server = impatient().await;
    let cookie = server.sign_in("민수").await;
    let polling = Polling::join(&server, &cookie).await;
    let path = polling.address.strip_prefix(&server.url).expect("an address of the server");
    let mut raw = Raw::connect(&server).await;
    let body = "4".repeat(FRAME_BYTES + 1);
    raw.send(format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\ntransfer-encoding: chunked\r\n\r\n"
    ))
    .await;
    raw.send(format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len())).await;
    let answer = raw.rest().await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert_eq!(polling.send("42/chat,5[\"room.head\",{}]".to_owned()).await.status(), 200);
    while !polling.poll().await.contains("43/chat,5[{\"ok\"") {}
}

#[tokio::test]
async fn a_body_that_will_be_too_long_is_refused_before_it_comes() {
    let server = impatient().await;
    let cookie = server.sign_in("민수").await;
    let polling = Polling::join(&server, &cookie).await;
    let poll = polling.address.strip_prefix(&server.url).expect("an address of the server");
    for path in [poll, "/join"] {
        for length in [FRAME_BYTES + 1, usize::MAX / 2] {
            let mut raw = Raw::connect(&server).await;
            let headers = format!("host: localhost\r\ncookie: {cookie}\r\ncontent-length: {length}");
            raw.send(format!("POST {path} HTTP/1.1\r\n{headers}\r\n\r\n")).await;
            let answer = raw.rest().await;
            assert!(answer.starts_with("HTTP/1.1 413 "), "{path} {length}: {answer}");
        }
    }
    assert_eq!(polling.send("42/chat,5[\"room.head\",{}]".to_owned()).await.status(), 200);
    while !polling.poll().await.contains("43/chat,5[{\"ok\"") {}
}

#[tokio::test]
async fn a_body_that_is_no_utf8_is_refused_and_the_session_stays() {
    let server = impatient().await;
    let cookie = server.sign_in("민수").await;
    let polling = Polling::join(&server, &cookie).await;
    for nonsense in [&b"\xff"[..], b"42/chat,[\"\xc3\x28\"]", b"4\xed\xa0\x80"] {
        let request = server.http.post(&polling.address).header(header::COOKIE, &cookie).body(nonsense);
        let answer = within(request.send()).await.expect("an answer");
        assert_eq!(answer.status(), 400);
        assert_eq!(within(answer.text()).await.expect("a text"), "This is no UTF-8.\n");
    }
    assert_eq!(polling.send("42/chat,5[\"room.head\",{}]".to_owned()).await.status(), 200);
    while !polling.poll().await.contains("43/chat,5[{\"ok\"") {}
}

#[tokio::test]
async fn a_body_in_a_thousand_pieces_costs_no_more_than_a_whole_one() {
    let server = TestServer::limited("1", |_| {}).await;
    let mut pair = Pair::join(&server).await;
    let answer = within(reqwest::get(format!("{}/socket.io/?EIO=3&transport=polling&b64=1", server.url))).await;
    let handshake = within(answer.expect("an answer").text()).await.expect("a text");
    let sid = handshake.split_once("\"sid\":\"").and_then(|(_, after)| after.split_once('"')).expect("an id").0;
    let piece = "1\r\nx\r\n".repeat(60_000);
    for content_type in ["text/plain", "application/octet-stream"] {
        let mut raw = Raw::connect(&server).await;
        let path = format!("/socket.io/?EIO=3&transport=polling&b64=1&sid={sid}");
        raw.send(format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: {content_type}\r\n"
        ))
        .await;
        raw.send(format!("transfer-encoding: chunked\r\n\r\n6\r\n70000:\r\n{piece}0\r\n\r\n")).await;
        assert!(raw.rest().await.starts_with("HTTP/1.1 400 "), "{content_type}");
        pair.talk().await;
    }
}

#[tokio::test]
async fn a_body_whose_chunks_are_none_is_malformed_and_not_too_long() {
    let server = impatient().await;
    for chunk in ["zz\r\nx\r\n", "-1\r\n", "5\r\nhellogoodbye\r\n", "fffffffffffffffff\r\n"] {
        let mut raw = Raw::connect(&server).await;
        raw.send("POST /join HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n")
            .await;
        raw.send(format!("transfer-encoding: chunked\r\n\r\n{chunk}")).await;
        let answer = raw.rest().await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{chunk:?}: {answer}");
    }
    let mut raw = Raw::connect(&server).await;
    raw.send("POST /join HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n").await;
    raw.send("transfer-encoding: chunked\r\n\r\n5\r\nname=\r\n0\r\n\r\n").await;
    assert!(raw.some().await.starts_with("HTTP/1.1 303 "), "a blank name leads back");
}
