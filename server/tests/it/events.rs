//! Everything that is sent is acknowledged, whatever it is.

use madang_common::{
    event::{CLIENT_EVENTS, message, room, session, typing},
    id::RoomId,
};
use serde_json::{Value, json};

use crate::support::{Actor, TestServer, Transport, client_id};

/// A well-formed payload of each event, in an order in which all are granted. An event without one fails the test.
fn granted(name: &str, lobby: RoomId, own_room: RoomId, message: i64) -> Value {
    use madang_common::event::ClientEvent as _;
    match name {
        session::Hello::NAME | room::Head::NAME => json!({}),
        room::Create::NAME => json!({"name": "다른 방", "topic": ""}),
        room::Join::NAME | room::Open::NAME | typing::Start::NAME | typing::Stop::NAME => json!({"room": lobby}),
        room::Leave::NAME => json!({"room": own_room}),
        room::Sync::NAME => json!({"room": lobby, "since": 0}),
        room::History::NAME => json!({"room": lobby, "before": 2}),
        room::Digest::NAME => json!({"room": lobby, "from": 1}),
        room::Read::NAME => json!({"room": lobby, "read": 1}),
        message::Post::NAME => json!({"room": lobby, "client_id": client_id(2), "text": "안녕 é 😀"}),
        message::Edit::NAME => json!({"message": message, "text": "edited"}),
        message::Delete::NAME => json!({"message": message}),
        other => panic!("no well-formed payload of {other} here"),
    }
}

async fn every_well_formed_event_is_granted(transport: Transport) {
    let server = TestServer::start().await;
    let minsu = server.join_by("민수", transport).await;
    let own_room = minsu.create_room("own").await.room.id;
    let message = minsu.post(minsu.lobby, 1, "first").await.expect("a message").id;
    for name in CLIENT_EVENTS {
        let answer = minsu.ask_raw(name, vec![granted(name, minsu.lobby, own_room, message.0)]).await;
        assert!(answer.get("ok").is_some(), "{name} is granted, not {answer}");
    }
}

#[tokio::test]
async fn every_well_formed_event_is_granted_over_a_web_socket() {
    every_well_formed_event_is_granted(Transport::WebSocket).await;
}

#[tokio::test]
async fn every_well_formed_event_is_granted_over_polling() {
    every_well_formed_event_is_granted(Transport::Polling).await;
}

#[tokio::test]
async fn every_well_formed_event_is_granted_after_an_upgrade() {
    every_well_formed_event_is_granted(Transport::Upgrade).await;
}

#[tokio::test]
async fn every_malformed_event_is_refused_with_a_reason() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    for name in CLIENT_EVENTS {
        for arguments in [
            vec![],
            vec![json!(null)],
            vec![json!("text")],
            vec![json!(7)],
            vec![json!(true)],
            vec![json!([])],
            vec![json!([1, "x", "y"])],
        ] {
            assert_malformed(&minsu, name, arguments).await;
        }
        let granted = granted(name, minsu.lobby, minsu.lobby, 1);
        let fields = granted.as_object().expect("an object");
        for field in fields.keys() {
            let mut without = fields.clone();
            without.remove(field);
            assert_malformed(&minsu, name, vec![Value::Object(without)]).await;
            for wrong in [json!(null), json!({"deep": [1]}), json!([]), json!(1.5), json!("")] {
                // An empty topic is fine.
                if field == "topic" && wrong == json!("") {
                    continue;
                }
                let mut with_wrong = fields.clone();
                with_wrong.insert(field.clone(), wrong);
                assert_malformed(&minsu, name, vec![Value::Object(with_wrong)]).await;
            }
        }
    }
    minsu.post(minsu.lobby, 1, "still here").await.expect("the connection stands");
}

async fn assert_malformed(actor: &Actor, name: &str, arguments: Vec<Value>) {
    let what = format!("{name} {arguments:?}");
    let answer = actor.ask_raw(name, arguments).await;
    assert_eq!(answer["fault"]["code"], "malformed", "{what}: {answer}");
    let sentence = answer["fault"]["message"].as_str().expect("a sentence");
    assert!(sentence.contains(name), "{what}: {sentence}");
}

#[tokio::test]
async fn a_text_that_is_too_long_is_refused_with_its_limit() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let post = |text: String| json!({"room": minsu.lobby, "client_id": client_id(1), "text": text});
    let answer = minsu.ask_raw("message.post", vec![post("가".repeat(4_001))]).await;
    assert_eq!(answer["fault"]["code"], "malformed");
    assert!(answer["fault"]["message"].as_str().expect("a sentence").contains("4000"));
    let answer = minsu.ask_raw("message.post", vec![post("가".repeat(4_000))]).await;
    assert!(answer.get("ok").is_some(), "{answer}");
}

#[tokio::test]
async fn an_unknown_event_is_refused() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    for name in ["room.destroy", "Message.Post", "", "chat message"] {
        let answer = minsu.ask_raw(name, vec![json!({})]).await;
        assert_eq!(answer["fault"]["code"], "unknown_event", "{name:?}");
    }
}

#[tokio::test]
async fn an_event_that_asks_for_no_acknowledgement_is_carried_out() {
    let server = TestServer::start().await;
    let mut minsu = server.join("민수").await;
    let lobby = minsu.lobby;
    minsu.tell(&message::Post { room: lobby, client_id: client_id(1), text: crate::support::words("안녕") }).await;
    let message = minsu.next_change(lobby).await;
    assert_eq!(message.client_id, client_id(1));
}
