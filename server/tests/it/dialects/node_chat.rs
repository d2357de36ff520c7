//! Node's first chat.

use serde_json::json;

use super::{heard, hi};
use crate::support::{Guest, TestServer, Transport, log, said, wire::Wire};

#[tokio::test]
async fn n2_3_each_way_of_sending_reaches_whom_it_names() {
    let server = TestServer::start().await;
    let (mut one, mut other) = (Guest::connect(&server).await, Guest::connect(&server).await);
    assert_eq!(one.next().await, hi());
    for data in [json!("a text"), json!({"an": "object"})] {
        let event = heard("some event", data.clone());
        for (how, to_one, to_other) in [("io.emit", 1, 1), ("socket.emit", 1, 0), ("socket.broadcast.emit", 0, 1)] {
            let answer = one.ask("try emit", json!({"how": how, "data": data})).await;
            assert_eq!(answer["ok"]["reached"], to_one + to_other, "{how}");
            assert_eq!(one.all_until_now().await, vec![event.clone(); to_one], "{how}, the sender");
            assert_eq!(other.all_until_now().await, vec![event.clone(); to_other], "{how}, the other");
        }
    }
    for wrong in [json!({}), json!("io.emit"), json!({"how": "io.shout", "data": "x"}), json!({"how": "io.emit"})] {
        assert_eq!(one.refused("try emit", wrong).await, "malformed");
    }
}

#[tokio::test]
async fn n2_3_one_id_is_reached_and_no_other() {
    let server = TestServer::start().await;
    let mut sender = Guest::connect(&server).await;
    let mut witness = Guest::connect(&server).await;
    let mut wire = Wire::open(&server, &[]).await.expect("a WebSocket");
    wire.send("40").await;
    let connected = wire.next_like("40{").await;
    let id = serde_json::from_str::<serde_json::Value>(&connected[2..]).expect("JSON")["sid"].clone();
    let to_id = json!({"how": "io.to(id).emit", "id": id, "data": "only you"});
    sender.say("try emit", to_id).await;
    assert_eq!(wire.next_like("42[\"some").await, "42[\"some event\",\"only you\"]");
    for guest in [&mut sender, &mut witness] {
        assert!(guest.all_until_now().await.iter().all(|event| *event == hi()));
    }
    let to_nobody = json!({"how": "io.to(id).emit", "id": "AAAAAAAAAAAAAAAA", "data": "anyone?"});
    assert_eq!(sender.refused("try emit", to_nobody).await, "not_found");
}

#[tokio::test]
async fn n2_4_the_others_hear_hi_and_not_the_newcomer() {
    let server = TestServer::start().await;
    let mut first = Guest::connect(&server).await;
    let mut second = Guest::connect(&server).await;
    assert_eq!(first.next().await, hi());
    assert_eq!(second.all_until_now().await, []);
    // To the letter: without an argument.
    let mut wire = Wire::open(&server, &[]).await.expect("a WebSocket");
    wire.send("40").await;
    wire.next_like("40{").await;
    let _third = Guest::connect(&server).await;
    assert_eq!(wire.next().await.as_deref(), Some("42[\"hi\"]"));
}

#[tokio::test]
async fn n2_5_a_chat_message_reaches_all_as_it_is_and_is_logged() {
    log::keep();
    for transport in [Transport::WebSocket, Transport::Polling, Transport::Upgrade] {
        let server = TestServer::start().await;
        let mut sender = Guest::connect_by(&server, transport).await.expect("a connection");
        let mut other = Guest::connect_by(&server, transport).await.expect("a connection");
        let mut minsu = server.join("민수").await;
        assert_eq!(sender.next().await, hi());
        let text = format!("안녕 é 😀 {transport:?} n2.5");
        sender.say("chat message", json!(text)).await;
        assert_eq!(sender.all_until_now().await, [heard("chat message", json!(text))]);
        // It has not said yet what it speaks, and hears all forms.
        let forms = other.all_until_now().await;
        assert_eq!(forms.iter().filter(|event| **event == heard("chat message", json!(text))).count(), 1);
        // Inside it is a message of a guest.
        let message = minsu.next_change(minsu.lobby).await;
        assert_eq!(said(&message), text);
        assert!(message.author.outside && message.author.name.as_str().starts_with("guest-"), "{:?}", message.author);
        log::until_logged(&["message", "dialect=\"node-chat\"", &format!("bytes={}", text.len())]).await;
    }
}

#[tokio::test]
async fn n2_5_what_is_said_inside_comes_with_its_name() {
    let server = TestServer::start().await;
    let mut guest = Guest::connect(&server).await;
    guest.say("chat message", json!("I speak Node")).await;
    let minsu = server.join("민수").await;
    let message = minsu.post(minsu.lobby, 1, "여기요").await.expect("posted");
    minsu.edit(message.id, "여기요!").await.expect("edited");
    server.post("/r/lobby/messages", &minsu.cookie, &[("text", "by form"), ("client_id", &form_id())]).await;
    let texts = ["I speak Node", "민수: 여기요", "민수: by form"];
    assert_eq!(guest.all_until_now().await, texts.map(|text| heard("chat message", json!(text))));
}

fn form_id() -> String {
    crate::support::client_id(9).to_string()
}

#[tokio::test]
async fn n2_6_some_event_reaches_everyone_and_is_no_message() {
    let server = TestServer::start().await;
    let (mut one, mut other) = (Guest::connect(&server).await, Guest::connect(&server).await);
    let mut minsu = server.join("민수").await;
    assert_eq!(one.next().await, hi());
    let object = json!({"someProperty": "some value", "otherProperty": 7});
    one.say("some event", object.clone()).await;
    for guest in [&mut one, &mut other] {
        assert_eq!(guest.all_until_now().await, [heard("some event", object.clone())]);
    }
    one.say("chat message", json!("but this is one")).await;
    assert_eq!(said(&minsu.next_change(minsu.lobby).await), "but this is one");
}

#[tokio::test]
async fn n4_4_coming_speaking_and_going_are_logged() {
    log::keep();
    let server = TestServer::start().await;
    let mut wire = Wire::open(&server, &[]).await.expect("a WebSocket");
    wire.send("40").await;
    let connected = wire.next_like("40{").await;
    let id = serde_json::from_str::<serde_json::Value>(&connected[2..]).expect("JSON")["sid"].clone();
    let id = id.as_str().expect("an id");
    log::until_logged(&["a user connected", id]).await;
    wire.send("42[\"chat message\",\"n4.4 here\"]").await;
    log::until_logged(&["message", "bytes=9", id]).await;
    wire.drop_silently();
    log::until_logged(&["user disconnected", id]).await;
}

#[tokio::test]
async fn bad_input_gets_a_fault_and_harms_nobody() {
    let server = TestServer::start().await;
    let mut guest = Guest::connect(&server).await;
    for wrong in [json!(null), json!(7), json!({}), json!([]), json!(["x"]), json!(""), json!(" \n\u{200b}")] {
        assert_eq!(guest.refused("chat message", wrong.clone()).await, "malformed", "{wrong}");
    }
    assert_eq!(guest.refused("chat message", json!("가".repeat(4_001))).await, "malformed");
    assert_eq!(guest.refused("some event", json!("text")).await, "malformed");
    assert_eq!(guest.refused("no such event", json!({})).await, "unknown_event");
    assert_eq!(guest.all_until_now().await, [], "none of it was heard");
    guest.say("chat message", json!("<b>still</b> here")).await;
    assert_eq!(guest.all_until_now().await, [heard("chat message", json!("<b>still</b> here"))]);
}
