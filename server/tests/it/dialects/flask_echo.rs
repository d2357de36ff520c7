//! Flask's quick chat.

use serde_json::json;

use super::heard;
use crate::support::{Guest, Heard, TestServer, Transport, said};

fn from_server(text: &str) -> Heard {
    heard("message_from_server", json!({ "text": text }))
}

/// A guest who has spoken this dialect once, and what it is called.
async fn speaker(server: &TestServer, transport: Transport) -> Guest {
    let mut guest = Guest::connect_by(server, transport).await.expect("a connection");
    guest.say("send_message", json!({"text": "first"})).await;
    assert_eq!(guest.all_until_now().await, [from_server("Message recieved!")]);
    guest
}

#[tokio::test]
async fn n0_7_a_text_that_is_sent_is_a_message_of_the_lobby() {
    let server = TestServer::start().await;
    let mut minsu = server.join("민수").await;
    let guest = Guest::connect(&server).await;
    // The page asks for no acknowledgement.
    guest.tell("send_message", json!({"text": "안녕 é 😀"})).await;
    let message = minsu.next_change(minsu.lobby).await;
    assert_eq!(said(&message), "안녕 é 😀");
    assert!(message.author.outside);
}

#[tokio::test]
async fn n0_8_all_are_told_that_a_message_was_received_the_sender_included() {
    for transport in [Transport::WebSocket, Transport::Polling] {
        let server = TestServer::start().await;
        let mut minsu = server.join("민수").await;
        let mut one = speaker(&server, transport).await;
        let mut other = speaker(&server, transport).await;
        one.all_until_now().await;
        minsu.all_until_now::<madang_common::event::room::Changes>().await;
        one.say("send_message", json!({"text": "여기"})).await;
        let name = minsu.next_change(minsu.lobby).await.author.name;
        assert_eq!(one.all_until_now().await, [from_server("Message recieved!")]);
        // The note's answer carries no text, so that comes by itself.
        let told = [from_server("Message recieved!"), from_server(&format!("{name}: 여기"))];
        assert_eq!(other.all_until_now().await, told);
    }
}

#[tokio::test]
async fn n0_10_each_namespace_has_handlers_of_its_own() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let mut guest = speaker(&server, Transport::WebSocket).await;
    let answer = minsu.ask_raw("send_message", vec![json!({"text": "in the other namespace"})]).await;
    assert_eq!(answer["fault"]["code"], "unknown_event");
    assert_eq!(guest.refused("room.head", json!({})).await, "unknown_event");
    minsu.post(minsu.lobby, 1, "여기요").await.expect("posted");
    assert_eq!(guest.all_until_now().await, [from_server("민수: 여기요")], "broadcast, but only what was granted");
}

#[tokio::test]
async fn bad_input_gets_a_fault_and_harms_nobody() {
    let server = TestServer::start().await;
    let mut guest = speaker(&server, Transport::WebSocket).await;
    let nested = (0..200).fold(json!("deep"), |inner, _| json!([inner]));
    for wrong in [json!(null), json!("text"), json!({}), json!({"text": 7}), json!({"text": ""}), nested] {
        assert_eq!(guest.refused("send_message", wrong).await, "malformed");
    }
    assert_eq!(guest.refused("send_message", json!({"text": "x".repeat(4_001)})).await, "malformed");
    assert_eq!(guest.all_until_now().await, [], "none of it was answered");
    guest.say("send_message", json!({"text": "<script>alert(1)</script>\u{7}"})).await;
    assert_eq!(guest.all_until_now().await, [from_server("Message recieved!")]);
}
