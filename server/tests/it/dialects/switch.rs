//! The operator's switch: on, read-only, off.

use madang_server::config::Dialects;
use serde_json::json;
use tokio_tungstenite::tungstenite;

use super::heard;
use crate::support::{Guest, TestServer, Transport, plain::Plain, said, wire::Wire};

async fn server(setting: Dialects) -> TestServer {
    TestServer::start_with(|config| config.dialects = setting).await
}

#[tokio::test]
async fn read_only_clients_hear_and_say_nothing() {
    let server = server(Dialects::ReadOnly).await;
    let mut minsu = server.join("민수").await;
    let (mut guest, mut text) = (Guest::connect(&server).await, Plain::text(&server).await);
    for (event, data) in [
        ("chat message", json!("x")),
        ("send_message", json!({"text": "x"})),
        ("my event", json!({"user_name": "u", "message": "x"})),
        ("my event", json!({"data": "x"})),
        ("message", json!("x")),
        ("json", json!({"a": 1})),
        ("some event", json!({})),
        ("login", json!({"name": "n", "userid": 1})),
        ("chat", json!({"msg": "x"})),
        ("s2c chat", json!({"msg": "x", "to": "all"})),
    ] {
        assert_eq!(guest.refused(event, data).await, "switched_off", "{event}");
    }
    text.say("x").await;
    text.ping().await;
    minsu.post(minsu.lobby, 1, "여기요").await.expect("posted");
    assert_eq!(guest.all_until_now().await, [heard("chat message", json!("민수: 여기요"))]);
    assert_eq!(text.next().await, "민수: 여기요");
    assert_eq!(said(&minsu.next_change(minsu.lobby).await), "여기요", "and nothing before it");
}

#[tokio::test]
async fn switched_off_they_are_told_so_and_the_chat_goes_on() {
    let server = server(Dialects::Off).await;
    for transport in [Transport::WebSocket, Transport::Polling] {
        let refused = Guest::connect_by(&server, transport).await.err().expect("a refusal");
        assert!(refused.contains("switched_off"), "{refused}");
    }
    for path in ["/ws", "/"] {
        let Err(tungstenite::Error::Http(answer)) = Plain::open(&server, path, &[]).await else {
            panic!("{path} should be refused")
        };
        assert_eq!(answer.status(), 404);
    }
    let cookie = server.sign_in("지나").await;
    let mut json = Plain::json(&server, &cookie).await;
    assert!(json.ask("session.hello", json!({})).await.0.get("ok").is_some());
    let minsu = server.join_by("민수", Transport::Upgrade).await;
    minsu.post(minsu.lobby, 1, "still here").await.expect("posted");
}

#[tokio::test]
async fn switched_off_a_client_of_2_x_gets_into_the_chat_all_the_same() {
    let server = server(Dialects::Off).await;
    let cookie = server.sign_in("민수").await;
    let mut wire = Wire::open_by(&server, 3, &[("cookie", &cookie)]).await.expect("a WebSocket");
    assert!(wire.next().await.expect("a handshake").starts_with("0{"));
    // It does not ask for `/`, and is refused it all the same.
    let refusal = wire.next_like("44").await;
    assert!(refusal.contains("switched_off") && !refusal.starts_with("44/chat"), "{refusal}");
    wire.send("40/chat").await;
    assert!(wire.next_like("40/chat").await.starts_with("40/chat"));
    wire.send("42/chat,1[\"session.hello\",{}]").await;
    assert!(wire.next_like("43/chat,1").await.contains("\"ok\""));
}
