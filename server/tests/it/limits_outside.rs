//! How often one may do something: for those without a session, and before anyone is known.

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite;

use crate::support::{Guest, Pair, TestServer, Transport, plain::Plain, raw::Raw, wire::Wire, within};

#[tokio::test]
async fn a_dialect_s_client_hears_it_in_its_acknowledgement() {
    let server = TestServer::limited("1", |_| {}).await;
    let guest = Guest::connect(&server).await;
    let pair = Pair::join(&server).await;
    let before = pair.messages().await;
    for _ in 0..40 {
        guest.say("chat message", json!("hello?")).await;
    }
    assert_eq!(guest.refused("chat message", json!("hello?")).await, "too_often");
    assert_eq!(guest.refused("no such event", json!({})).await, "too_often");
    assert_eq!(pair.messages().await, before + 40);
}

#[tokio::test]
async fn who_says_a_lot_is_held_back_and_others_are_not_cut_off_for_it() {
    let server = TestServer::limited("1", |_| {}).await;
    let stranger = Guest::connect(&server).await;
    let mut listeners = Vec::new();
    for _ in 0..30 {
        listeners.push(Guest::connect(&server).await);
    }
    // 60 kB for each of thirty clients behind one address.
    let padding = "x".repeat(60_000);
    let mut answers = Vec::new();
    for number in 0..12 {
        answers.push(stranger.ask("my event", json!({ "data": number, "padding": padding })).await);
    }
    let refused = answers.iter().filter(|answer| answer["fault"]["code"] == "too_often").count();
    let heard = answers.len() - refused;
    assert!(heard > 0 && refused > 0, "{answers:?}");
    for listener in &mut listeners {
        let responses = listener.all_until_now().await.into_iter().filter(|(name, _)| name == "my response");
        assert_eq!(responses.count(), heard);
    }
}

#[tokio::test]
async fn plain_texts_wait_until_they_may_be_said() {
    let server = TestServer::limited("1", |_| {}).await;
    let mut hasty = Plain::text(&server).await;
    let mut listener = Plain::text(&server).await;
    for number in 0..43 {
        hasty.say(&format!("text {number}")).await;
    }
    for number in 0..40 {
        assert!(listener.next().await.ends_with(&format!(": text {number}")));
    }
    // What the listener says comes before what still waits.
    listener.say("is anyone there?").await;
    assert!(hasty.next().await.ends_with(": is anyone there?"));
    server.clock.advance(Duration::from_secs(1));
    for number in 40..43 {
        assert!(listener.next().await.ends_with(&format!(": text {number}")));
    }
}

#[tokio::test]
async fn one_connection_does_not_join_a_namespace_again_and_again() {
    let server = TestServer::limited("1", |_| {}).await;
    let cookie = server.sign_in("민수").await;
    for (namespace, headers) in [("/chat,", vec![("cookie", cookie.as_str())]), ("", vec![])] {
        let mut wire = Wire::open(&server, &headers).await.expect("a WebSocket");
        for _ in 0..10 {
            wire.send(&format!("40{namespace}")).await;
            wire.next_like(&format!("40{namespace}{{")).await;
            wire.send(&format!("41{namespace}")).await;
        }
        wire.send(&format!("40{namespace}")).await;
        let refusal = wire.next_like(&format!("44{namespace}")).await;
        assert!(refusal.contains("too_often") && refusal.contains("again_in"), "{refusal}");
    }
}

#[tokio::test]
async fn handshakes_are_counted_by_address() {
    // A hundredth: 30 at once.
    let server = TestServer::limited("0.01", |_| {}).await;
    let status = async |path: &str| {
        let request = server.http.get(format!("{}{path}", server.url));
        within(request.send()).await.expect("an answer").status()
    };
    for _ in 0..30 {
        assert_eq!(status("/socket.io/?EIO=4&transport=polling").await, 200);
    }
    assert_eq!(status("/socket.io/?EIO=4&transport=polling").await, 429);
    assert!(Wire::open(&server, &[]).await.is_err());
    assert!(Plain::open(&server, "/ws", &[]).await.is_err());
    assert_eq!(status("/health").await, 200);
    server.clock.advance(Duration::from_secs(60));
    assert_eq!(status("/socket.io/?EIO=4&transport=polling").await, 200);
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_half_as_many_sessions() {
    let server = TestServer::limited("1", |config| config.connections_per_address = 6).await;
    let cookie = server.sign_in("민수").await;
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(Wire::join(&server, &cookie).await);
    }
    let refused = Plain::open(&server, "/ws", &[]).await.err();
    let Some(tungstenite::Error::Http(answer)) = refused else { panic!("one session too many: {refused:?}") };
    assert_eq!(answer.status(), 429);

    // Three connections are left, and a fourth has the place of the first, once that has been idle for a while.
    let mut idle = Vec::new();
    within(async {
        while idle.len() < 4 {
            let mut raw = Raw::connect(&server).await;
            raw.send("GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
            if raw.some().await.starts_with("HTTP/1.1 200 ") {
                idle.push(raw);
            } else {
                sleep(Duration::from_millis(50)).await;
            }
        }
    })
    .await;
    assert_eq!(idle[0].rest().await, "");
    // Who is signed in keeps the connection.
    for wire in &mut open {
        wire.send("42/chat,1[\"room.head\",{}]").await;
        wire.next_like("43/chat,1").await;
    }
    drop((idle, open.pop()));
    while Plain::open(&server, "/ws", &[]).await.is_err() {}
}

#[tokio::test]
async fn pages_are_counted_by_address() {
    let server = TestServer::limited("0.01", |_| {}).await;
    let page = async || within(reqwest::get(format!("{}/", server.url))).await.expect("an answer").status();
    // Without a built UI it is 503.
    let as_it_is = page().await;
    assert_ne!(as_it_is, 429);
    for _ in 1..30 {
        assert_eq!(page().await, as_it_is);
    }
    assert_eq!(page().await, 429);
    server.clock.advance(Duration::from_secs(60));
    assert_eq!(page().await, as_it_is);
}

#[tokio::test]
async fn an_address_has_so_many_guests() {
    let server = TestServer::limited("1", |config| config.connections_per_address = 16).await;
    let (first, second) = (Plain::text(&server).await, Guest::connect(&server).await);
    let mut third = Plain::open(&server, "/ws", &[]).await.expect("a WebSocket");
    assert_eq!(third.close_code().await, Some(1013), "it may come back");
    let refused = Guest::connect_by(&server, Transport::WebSocket).await.err().expect("a refusal");
    assert!(refused.contains("too_often"), "{refused}");
    // Those inside are others.
    let mut pair = Pair::join(&server).await;
    pair.talk().await;
    drop((first, second));
    while Guest::connect_by(&server, Transport::WebSocket).await.is_err() {}
}

#[tokio::test]
async fn each_new_name_is_counted_as_something_stored() {
    // A twentieth: some 50,000 bytes at once, then 3,000 a minute.
    let server = TestServer::limited("0.05", |_| {}).await;
    let guest = Guest::connect(&server).await;
    let mut said = 0;
    let say = async |name: &str| {
        // As often as one may say something; 512 bytes more may be stored.
        server.clock.advance(Duration::from_secs(10));
        guest.ask("my event", json!({"user_name": name, "message": "hello"})).await.get("ok").is_some()
    };
    while say(&format!("name {said}")).await {
        said += 1;
        assert!(said < 150, "there is an end");
    }
    assert!(said > 10, "{said}");
    // Who is known is not counted again.
    for _ in 0..150 {
        assert!(say("name 0").await);
    }
}

#[tokio::test]
async fn a_plain_text_waits_until_its_author_may_be_stored() {
    // A hundredth: ten thousand bytes at once, and six hundred a minute.
    let server = TestServer::limited("0.01", |_| {}).await;
    let mut author = Plain::text(&server).await;
    let mut listener = Plain::text(&server).await;
    // It may be stored itself, but not its author's name besides.
    author.say(&"가".repeat(3_250)).await;
    let heard = loop {
        tokio::select! {
            heard = listener.next() => break heard,
            () = sleep(Duration::from_millis(100)) => server.clock.advance(Duration::from_secs(60)),
        }
    };
    assert!(heard.ends_with("가가가"), "it is not lost");
}
