//! A server that is asked to stop leaves in good order.

use std::{collections::BTreeSet, time::Duration};

use madang_common::{event::server::Leaving, message::Body};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::Instant};

use crate::support::{TestServer, Transport, client_id, plain::Plain, said, within};

#[tokio::test]
async fn everyone_is_told_when_to_come_back_each_another_moment() {
    let server = TestServer::start().await;
    let mut minsu = server.join("민수").await;
    let mut jina = server.join_by("지나", Transport::Polling).await;
    let cookie = server.sign_in("보라").await;
    let mut bora = Plain::json(&server, &cookie).await;
    bora.ask("session.hello", json!({})).await;
    let host = server.host.clone();
    let stopped = tokio::spawn(server.stop());

    let told = bora.next_event("server.leaving").await;
    let told: Leaving = serde_json::from_value(told).expect("the event");
    let moments = [minsu.next::<Leaving>().await.back_in, jina.next::<Leaving>().await.back_in, told.back_in];
    assert_eq!(moments.iter().collect::<BTreeSet<_>>().len(), 3, "{moments:?}");
    assert!(moments.iter().all(|moment| (1_000..2_000).contains(moment)), "{moments:?}");

    assert_eq!(bora.close_code().await, Some(1001));
    within(stopped).await.expect("it stops");
    assert!(TcpStream::connect(host).await.is_err(), "nobody listens there any more");
}

#[tokio::test]
async fn what_was_taken_is_stored_and_answered_and_nothing_else() {
    let server = TestServer::start().await;
    let cookie = server.sign_in("민수").await;
    let mut minsu = Plain::json(&server, &cookie).await;
    let (hello, _) = minsu.ask("session.hello", json!({})).await;
    let lobby = hello["ok"]["rooms"][0]["room"]["id"].clone();
    for number in 0..200 {
        let data = json!({"room": lobby, "client_id": client_id(number), "text": number.to_string()});
        minsu.say(&json!({"event": "message.post", "data": data, "id": 1_000 + u64::from(number)}).to_string()).await;
    }
    let restarted = tokio::spawn(server.restart());
    let mut granted = Vec::new();
    while let Ok(frame) = minsu.next_or_close().await {
        let frame: Value = serde_json::from_str(&frame).expect("JSON");
        if frame.get("ack").is_none() {
            continue;
        }
        match frame["fault"]["code"].as_str() {
            None => granted.push(frame["ok"]["body"]["text"].as_str().expect("a text").to_owned()),
            Some(code) => assert_eq!(code, "unavailable"),
        }
    }

    let server = restarted.await.expect("it starts again");
    let minsu = server.connect(&cookie, Transport::WebSocket).await;
    let mut stored = Vec::new();
    let mut page = minsu.sync(minsu.lobby, Default::default()).await.expect("a member");
    loop {
        let texts = page.changes.iter().filter(|message| message.body != Body::Joined);
        stored.extend(texts.map(|message| said(message).to_owned()));
        if !page.more {
            break;
        }
        page = minsu.sync(minsu.lobby, page.rev).await.expect("a member");
    }
    assert_eq!(stored, granted, "in the order in which they were said");
    assert!(!granted.is_empty(), "some had been taken");
}

#[tokio::test]
async fn who_takes_nothing_in_does_not_keep_it_from_stopping() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let cookie = server.sign_in("지나").await;
    let mut stalled =
        Plain::open_narrow(&server, &[("cookie", &cookie), ("sec-websocket-protocol", "madang.v1.json")]).await;
    stalled.ask("session.hello", json!({})).await;
    let long = "가".repeat(3_990);
    for number in 0..100 {
        minsu.post(minsu.lobby, number, &long).await.expect("posted");
    }
    let start = Instant::now();
    server.stop().await;
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}
