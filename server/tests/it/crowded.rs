//! All connections are taken, by those who do nothing with them.

use std::{net::Ipv4Addr, time::Duration};

use madang_server::config::Config;
use reqwest::header;
use tokio::time::sleep;

use crate::support::{Pair, TestServer, Transport, polling::Polling, raw::Raw, within};

/// 24 connections, of which an address has 8.
fn small(config: &mut Config) {
    config.connections = 24;
    config.connections_per_address = 8;
}

/// Connections from other addresses than the one of the ordinary people, which is 127.0.0.1.
async fn lie_about(server: &TestServer, addresses: u8, each: usize) -> Vec<Raw> {
    let mut idle = Vec::new();
    for number in 0..addresses {
        for _ in 0..each {
            idle.push(Raw::connect_from(server, Ipv4Addr::new(127, 0, 0, 2 + number)).await);
        }
    }
    idle
}

#[tokio::test]
async fn idle_connections_shut_nobody_out() {
    let server = TestServer::limited("1", small).await;
    let early = server.join("일찍 온 이").await;
    // More than there are places.
    let idle = lie_about(&server, 4, 8).await;
    let mut pair = Pair::join(&server).await;
    pair.talk().await;
    early.post(early.lobby, 1, "still here").await.expect("who is signed in keeps the connection");
    drop(idle);
}

#[tokio::test]
async fn heads_that_trickle_in_keep_no_place_either() {
    let server = TestServer::limited("1", small).await;
    let mut slow = Vec::new();
    for mut raw in lie_about(&server, 4, 8).await {
        raw.send("GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: ").await;
        slow.push(tokio::spawn(raw.trickle(b'x')));
    }
    Pair::join(&server).await.talk().await;
    slow.iter().for_each(|raw| raw.abort());
}

#[tokio::test]
async fn who_waits_for_an_answer_keeps_the_connection() {
    let server = TestServer::limited("1", small).await;
    let cookie = server.sign_in("민수").await;
    let polling = Polling::join(&server, &cookie).await;
    let (path, host) = (polling.address.strip_prefix(&server.url).expect("an address of the server"), &server.host);
    let mut poll = Raw::connect(&server).await;
    poll.send(format!("GET {path} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\n\r\n")).await;
    let idle = lie_about(&server, 4, 8).await;
    let request = server.http.post(&polling.address).header(header::COOKIE, &cookie);
    let posted = within(request.body("42/chat,7[\"room.head\",{}]").send()).await.expect("an answer");
    assert_eq!(posted.status(), 200);
    assert!(poll.some().await.starts_with("HTTP/1.1 200 "));
    drop(idle);
}

#[tokio::test]
async fn an_address_that_is_full_takes_nothing_from_others() {
    let server = TestServer::limited("1", small).await;
    let jina = server.join("지나").await;
    let mut first = lie_about(&server, 1, 8).await;
    // There is none for a ninth, until one of them has been idle for a while.
    let mut refused = 0;
    within(async {
        loop {
            let mut ninth = lie_about(&server, 1, 1).await.pop().expect("one");
            ninth.send("GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
            if ninth.some().await.starts_with("HTTP/1.1 200 ") {
                break;
            }
            refused += 1;
            sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    assert!(refused > 0, "they had just come");
    assert_eq!(first[0].rest().await, "", "its own oldest is closed");
    jina.post(jina.lobby, 1, "all is well").await.expect("posted");
}

#[tokio::test]
async fn a_classroom_behind_one_address_comes_in() {
    // As it is by default.
    let server = TestServer::limited("1", |_| {}).await;
    let mut class = Vec::new();
    for number in 0..40 {
        let cookie = server.sign_in(&format!("학생 {number}")).await;
        for _ in 0..3 {
            class.push(server.connect(&cookie, Transport::WebSocket).await);
        }
    }
    assert_eq!(server.held().await.1, 120);
    let lobby = class[0].lobby;
    let said = class[0].post(lobby, 1, "good morning").await.expect("posted");
    while class[119].next_change(lobby).await != said {}
}
