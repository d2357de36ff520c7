//! Flask's session chat.

use madang_common::event::room::Changes;
use serde_json::{Value, json};

use super::heard;
use crate::support::{Actor, Guest, Heard, TestServer, Transport, log, said, wire::Wire};

fn my_response(object: &Value) -> Heard {
    heard("my response", object.clone())
}

fn named(name: &str, text: &str) -> Value {
    json!({"user_name": name, "message": text})
}

/// Two guests who have said as the note's page does that they are there, and somebody inside.
async fn page(server: &TestServer, transport: Transport) -> (Guest, Guest, Actor) {
    let mut guests = Vec::new();
    for _ in 0..2 {
        let guest = Guest::connect_by(server, transport).await.expect("a connection");
        guest.say("my event", json!({"data": "User Connected"})).await;
        guests.push(guest);
    }
    let (mut other, mut one) = (guests.remove(1), guests.remove(0));
    one.all_until_now().await;
    other.all_until_now().await;
    let mut inside = server.join("지나").await;
    inside.all_until_now::<Changes>().await;
    (one, other, inside)
}

#[tokio::test]
async fn n1_2_all_hear_that_someone_connected_and_nobody_elsewhere_does() {
    let server = TestServer::start().await;
    let (mut one, mut other, mut inside) = page(&server, Transport::WebSocket).await;
    let mut node = Guest::connect(&server).await;
    node.say("chat message", json!("I speak Node")).await;
    for guest in [&mut one, &mut other, &mut node] {
        guest.all_until_now().await;
    }
    inside.next_change(inside.lobby).await;

    let object = json!({"data": "User Connected", "and": ["more", 7]});
    one.say("my event", object.clone()).await;
    for guest in [&mut one, &mut other] {
        assert_eq!(guest.all_until_now().await, [my_response(&object)]);
    }
    assert_eq!(node.all_until_now().await, []);
    assert_eq!(inside.all_until_now::<Changes>().await, []);
}

#[tokio::test]
async fn n1_3_all_hear_the_same_object_the_sender_included() {
    for transport in [Transport::WebSocket, Transport::Polling, Transport::Upgrade] {
        let server = TestServer::start().await;
        let (mut one, mut other, mut inside) = page(&server, transport).await;
        let object = json!({"user_name": "민수", "message": "안녕 é 😀", "mood": {"sunny": true}});
        one.say("my event", object.clone()).await;
        for guest in [&mut one, &mut other] {
            assert_eq!(guest.all_until_now().await, [my_response(&object)]);
        }
        let message = inside.next_change(inside.lobby).await;
        assert_eq!((message.author.name.as_str(), said(&message)), ("민수", "안녕 é 😀"));
        inside.post(inside.lobby, 1, "반가워요").await.expect("posted");
        assert_eq!(one.all_until_now().await, [my_response(&named("지나", "반가워요"))]);
    }
}

#[tokio::test]
async fn n1_4_the_callback_fires_and_receipts_are_logged() {
    log::keep();
    let server = TestServer::start().await;
    let mut wire = Wire::open(&server, &[]).await.expect("a WebSocket");
    wire.send("40").await;
    let connected = wire.next_like("40{").await;
    let id = serde_json::from_str::<Value>(&connected[2..]).expect("JSON")["sid"].clone();
    wire.send("427[\"my event\",{\"message\":\"n1.4\",\"user_name\":\"민수\"}]").await;
    // The server asks for an acknowledgement of its own event …
    let response = wire.next_like("42").await;
    let (number, object) = response[2..].split_once('[').expect("an event");
    assert_eq!(object, "\"my response\",{\"message\":\"n1.4\",\"user_name\":\"민수\"}]");
    assert!(number.parse::<u32>().is_ok(), "{response}");
    // … and sends one for the client's.
    assert_eq!(wire.next_like("43").await, "437[{\"ok\":{}}]");
    wire.send(&format!("43{number}[]")).await;
    log::until_logged(&["message was received", "my response", id.as_str().expect("an id")]).await;
}

#[tokio::test]
async fn n1_7_special_events_are_heard_as_what_they_are() {
    let server = TestServer::start().await;
    let (mut one, mut other, mut inside) = page(&server, Transport::WebSocket).await;
    one.say("message", json!("by send()")).await;
    for guest in [&mut one, &mut other] {
        assert_eq!(guest.all_until_now().await, [heard("message", json!("by send()"))]);
    }
    assert_eq!(said(&inside.next_change(inside.lobby).await), "by send()");

    one.say("json", json!({"a": 1})).await;
    one.say("json", named("민수", "as JSON")).await;
    for guest in [&mut one, &mut other] {
        let told = [heard("json", json!({"a": 1})), heard("json", named("민수", "as JSON"))];
        assert_eq!(guest.all_until_now().await, told);
    }
    let message = inside.next_change(inside.lobby).await;
    assert_eq!((message.author.name.as_str(), said(&message)), ("민수", "as JSON"), "the other object was none");
}

#[tokio::test]
async fn a_name_of_someone_inside_gets_a_number() {
    let server = TestServer::start().await;
    let (one, _other, mut inside) = page(&server, Transport::WebSocket).await;
    let mut node = Guest::connect(&server).await;
    node.say("chat message", json!("I speak Node")).await;
    inside.next_change(inside.lobby).await;
    node.all_until_now().await;
    one.say("my event", named("지나", "I am not")).await;
    let first = inside.next_change(inside.lobby).await;
    assert_eq!(first.author.name.as_str(), "지나 (2)");
    assert!(first.author.outside && first.author.id != inside.me.id);
    assert_eq!(node.all_until_now().await, [heard("chat message", json!("지나 (2): I am not"))]);

    // One guest per name; and a guest keeps nobody from a name.
    one.say("my event", named("지 나", "again")).await;
    assert_eq!(inside.next_change(inside.lobby).await.author, first.author);
    let second = server.join("지나 (2)").await;
    one.say("my event", named("지나", "and again")).await;
    while said_by(&mut inside).await != "지나 (3)" {}
    assert_eq!(second.me.name.as_str(), "지나 (2)");
}

async fn said_by(actor: &mut Actor) -> String {
    actor.next_change(actor.lobby).await.author.name.to_string()
}

#[tokio::test]
async fn a_name_that_can_be_none_loses_no_message() {
    let server = TestServer::start().await;
    let (one, _other, mut inside) = page(&server, Transport::WebSocket).await;
    for name in [json!(""), json!("  "), json!("가".repeat(33)), json!("\u{202e}\u{3164}"), json!(7), json!(null)] {
        one.say("my event", json!({"user_name": name, "message": "still here"})).await;
        let message = inside.next_change(inside.lobby).await;
        assert_eq!(said(&message), "still here");
        assert!(message.author.name.as_str().starts_with("guest-"), "{name}: {:?}", message.author);
    }
}

#[tokio::test]
async fn bad_input_gets_a_fault_and_harms_nobody() {
    let server = TestServer::start().await;
    let (mut one, mut other, _inside) = page(&server, Transport::WebSocket).await;
    for event in ["my event", "json"] {
        for wrong in [json!(null), json!("text"), json!(7), json!([]), json!({"message": 7}), named("민수", " ")] {
            assert_eq!(one.refused(event, wrong.clone()).await, "malformed", "{event} {wrong}");
        }
        assert_eq!(one.refused(event, named("민수", &"x".repeat(4_001))).await, "malformed");
    }
    for wrong in [json!(null), json!({}), json!("")] {
        assert_eq!(one.refused("message", wrong).await, "malformed");
    }
    assert_eq!((one.all_until_now().await, other.all_until_now().await), (vec![], vec![]), "none of it was heard");
    one.say("my event", named("<b>민수</b>", "still here")).await;
    assert_eq!(other.all_until_now().await, [my_response(&named("<b>민수</b>", "still here"))]);
}
