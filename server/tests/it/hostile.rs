//! What no decent client sends.

use madang_common::{event::message::Post, limits::FRAME_BYTES};

use crate::support::{TestServer, client_id, polling::Polling, wire::Wire, words};

#[tokio::test]
async fn a_frame_that_is_too_long_ends_its_connection_and_no_other() {
    let server = TestServer::start().await;
    let mut witness = server.join("지나").await;
    let cookie = server.sign_in("민수").await;
    let mut wire = Wire::join(&server, &cookie).await;
    let frame = |length: usize| {
        let start = "42/chat,1[\"message.post\",{\"text\":\"";
        format!("{start}{}\"}}]", "x".repeat(length - start.len() - 3))
    };
    wire.send(&frame(FRAME_BYTES)).await;
    let answer = wire.next_like("43/chat,1").await;
    assert!(answer.contains("malformed"), "the longest frame that is read: {answer}");
    wire.send(&frame(FRAME_BYTES + 1)).await;
    while let Some(frame) = wire.next().await {
        assert!(!frame.starts_with("43/chat,1"), "{frame}");
    }
    let lobby = witness.lobby;
    let message = witness.post(lobby, 1, "all is well").await.expect("posted");
    while witness.next_change(lobby).await != message {}
}

#[tokio::test]
async fn a_polling_body_that_is_too_long_is_refused_and_the_connection_stays() {
    let server = TestServer::start().await;
    let cookie = server.sign_in("민수").await;
    let polling = Polling::join(&server, &cookie).await;
    assert_eq!(polling.send("4".repeat(FRAME_BYTES + 1)).await.status(), 413);
    assert_eq!(polling.send("42/chat,5[\"room.head\",{}]".to_owned()).await.status(), 200);
    while !polling.poll().await.contains("43/chat,5[{\"ok\"") {}
}

#[tokio::test]
async fn who_sends_at_once_what_should_come_later_loses_nothing() {
    let server = TestServer::start().await;
    let cookie = server.sign_in("민수").await;
    let mut wire = Wire::open(&server, &[("cookie", &cookie)]).await.expect("a WebSocket");
    assert!(wire.next().await.expect("a handshake").starts_with("0{"));
    wire.send("40/chat,").await;
    assert!(wire.next().await.expect("a connection").starts_with("40/chat,{"));
    // In the same breath as the connection: the handlers must be there already.
    wire.send("42/chat,1[\"session.hello\",{}]").await;
    assert!(wire.next_like("43/chat,1").await.contains("\"ok\""));
}

#[tokio::test]
async fn who_sends_faster_than_it_is_served_is_told_so() {
    let server = TestServer::start().await;
    let cookie = server.sign_in("민수").await;
    let lobby = server.join("지나").await.lobby;
    let polling = Polling::join(&server, &cookie).await;
    // Some 500 posts in one body: they are read in one go, while each waits for its commit.
    let count: u64 = 480;
    let posts = (0..count).map(|number| {
        let id = madang_common::id::ClientId::new(number, [1; 10]);
        let post = Post { room: lobby, client_id: id, text: words("x") };
        format!("42/chat,{number}[\"message.post\",{}]", serde_json::to_string(&post).expect("JSON"))
    });
    let body: Vec<String> = posts.collect();
    let body = body.join("\u{1e}");
    assert!(body.len() <= FRAME_BYTES, "{}", body.len());
    assert_eq!(polling.send(body).await.status(), 200);
    let (mut granted, mut busy) = (0, 0);
    while granted + busy < count {
        for packet in polling.poll().await.split('\u{1e}').filter(|packet| packet.starts_with("43/chat,")) {
            match packet.contains("\"ok\"") {
                true => granted += 1,
                false if packet.contains("too_busy") => busy += 1,
                false => panic!("{packet}"),
            }
        }
    }
    assert!(granted >= 256 && busy > 0, "{granted} granted, {busy} refused, all answered");
}

#[tokio::test]
async fn nonsense_harms_nobody() {
    let server = TestServer::start().await;
    let witness = server.join("지나").await;
    let cookie = server.sign_in("민수").await;
    for nonsense in [
        "",
        "4",
        "42",
        "42/chat,",
        "42/chat,1",
        "42/chat,1[",
        "42/chat,1[]",
        "42/chat,1[7]",
        "42/chat,1[null,{}]",
        "42/chat,1{}",
        "42/chat,99999999999999999999[\"room.head\",{}]",
        "43/chat,1[]",
        "451-/chat,1[\"room.head\",{\"_placeholder\":true,\"num\":0}]",
        "459999-/chat,1[\"room.head\"]",
        "44/chat,{}",
        "49/chat,",
        "6",
        "9",
        "\u{0}",
        "40/nowhere,",
        "40/chat,",
        "41/chat,",
    ] {
        let mut wire = Wire::join(&server, &cookie).await;
        wire.send(nonsense).await;
        wire.drop_silently();
    }
    witness.post(witness.lobby, 1, client_id(1).to_string().as_str()).await.expect("all is well");
}
