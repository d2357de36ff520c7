//! Node's second chat.

use madang_common::event::room::Changes;
use serde_json::{Value, json};

use super::heard;
use crate::support::{Guest, Heard, TestServer, Transport, log, said, wire::Wire};

fn chat(name: &str, userid: &Value, text: &str) -> Heard {
    heard("chat", json!({"from": {"name": name, "userid": userid}, "msg": text}))
}

/// Three guests who have logged in.
async fn logged_in(server: &TestServer, transport: Transport) -> [Guest; 3] {
    let mut guests = Vec::new();
    for (name, userid) in [("민수", json!("m@example")), ("지나", json!(7)), ("하나", json!("h"))] {
        let guest = Guest::connect_by(server, transport).await.expect("a connection");
        guest.say("login", json!({"name": name, "userid": userid})).await;
        guests.push(guest);
    }
    for guest in &mut guests {
        guest.all_until_now().await;
    }
    guests.try_into().ok().expect("three")
}

#[tokio::test]
async fn n3_2_all_hear_who_logs_in() {
    let server = TestServer::start().await;
    let [mut minsu, mut jina, mut hana] = logged_in(&server, Transport::WebSocket).await;
    let mut inside = server.join("안").await;
    minsu.say("login", json!({"name": "민수 2", "userid": "m2"})).await;
    for guest in [&mut minsu, &mut jina, &mut hana] {
        assert_eq!(guest.all_until_now().await, [heard("login", json!("민수 2"))]);
    }
    // It is kept on this socket, and is no message.
    minsu.say("chat", json!({"msg": "kept"})).await;
    assert_eq!(jina.all_until_now().await, [chat("민수 2", &json!("m2"), "kept")]);
    let message = inside.next_change(inside.lobby).await;
    assert_eq!((message.author.name.as_str(), said(&message)), ("민수 2", "kept"));
}

#[tokio::test]
async fn n3_3_the_others_only_hear_a_chat_with_its_sender() {
    for transport in [Transport::WebSocket, Transport::Polling] {
        let server = TestServer::start().await;
        let [mut minsu, mut jina, mut hana] = logged_in(&server, transport).await;
        minsu.say("chat", json!({"msg": "안녕 é 😀"})).await;
        assert_eq!(minsu.all_until_now().await, []);
        for guest in [&mut jina, &mut hana] {
            assert_eq!(guest.all_until_now().await, [chat("민수", &json!("m@example"), "안녕 é 😀")]);
        }
        // Before the login the sender is a guest, and not nobody.
        let newcomer = Guest::connect(&server).await;
        newcomer.say("chat", json!({"msg": "who am I"})).await;
        let heard = jina.next().await;
        let heard = if heard.0 == "message" { jina.next().await } else { heard };
        let name = heard.1["from"]["name"].as_str().expect("a name").to_owned();
        assert!(name.starts_with("guest-"), "{name}");
        assert_eq!(heard, chat(&name, &json!(name), "who am I"));
    }
}

#[tokio::test]
async fn n3_4_s2c_chat_reaches_the_sender_all_or_one() {
    let server = TestServer::start().await;
    let [mut minsu, mut jina, mut hana] = logged_in(&server, Transport::WebSocket).await;
    let mut wire = Wire::open(&server, &[]).await.expect("a WebSocket");
    wire.send("40").await;
    let connected = wire.next_like("40{").await;
    let id = serde_json::from_str::<Value>(&connected[2..]).expect("JSON")["sid"].clone();
    wire.send("421[\"login\",{\"name\":\"선\",\"userid\":\"w\"}]").await;
    wire.next_like("431").await;
    let mut inside = server.join("안").await;
    for guest in [&mut minsu, &mut jina, &mut hana] {
        guest.all_until_now().await;
    }
    let told = |text: &str| heard("s2c chat", json!({"from": {"name": "민수", "userid": "m@example"}, "msg": text}));
    minsu.say("s2c chat", json!({"msg": "to me", "to": "sender"})).await;
    assert_eq!(minsu.all_until_now().await, [told("to me")]);
    assert_eq!(jina.all_until_now().await, []);
    minsu.say("s2c chat", json!({"msg": "to all", "to": "all"})).await;
    for guest in [&mut minsu, &mut jina, &mut hana] {
        assert_eq!(guest.all_until_now().await, [told("to all")]);
    }
    minsu.say("s2c chat", json!({"msg": "to one", "to": id})).await;
    assert!(wire.next_like("42[\"s2c").await.contains("to all"));
    assert!(wire.next_like("42[\"s2c").await.contains("to one"));
    assert_eq!(jina.all_until_now().await, []);
    let to_nobody = json!({"msg": "to nobody", "to": "AAAAAAAAAAAAAAAA"});
    assert_eq!(minsu.refused("s2c chat", to_nobody).await, "not_found");
    // None of it was a message.
    minsu.say("chat", json!({"msg": "but this"})).await;
    assert_eq!(said(&inside.next_change(inside.lobby).await), "but this");
}

#[tokio::test]
async fn n3_5_the_server_disconnects_who_asks_for_it() {
    log::keep();
    let server = TestServer::start().await;
    let mut leaver = Wire::open(&server, &[]).await.expect("a WebSocket");
    leaver.send("40").await;
    let connected = leaver.next_like("40{").await;
    let id = serde_json::from_str::<serde_json::Value>(&connected[2..]).expect("JSON")["sid"].clone();
    let id = id.as_str().expect("an id");
    leaver.send("42[\"login\",{\"name\":\"떠나는 이\",\"userid\":1}]").await;
    log::until_logged(&["Client logged-in", id]).await;
    leaver.send("42[\"forceDisconnect\"]").await;
    leaver.next_like("41").await;
    log::until_logged(&["user disconnected", id]).await;
}

#[tokio::test]
async fn n3_6_only_who_joined_a_room_hears_it() {
    let server = TestServer::start().await;
    let [mut minsu, mut jina, mut hana] = logged_in(&server, Transport::WebSocket).await;
    let mut inside = server.join("안").await;
    inside.all_until_now::<Changes>().await;
    let to_room = |text: &str| json!({"msg": text, "room": "정원"});
    assert_eq!(minsu.refused("chat", to_room("from outside it")).await, "not_a_member");
    minsu.say("join", json!("정원")).await;
    jina.say("join", json!("정원")).await;
    minsu.say("chat", to_room("among us")).await;
    assert_eq!(jina.all_until_now().await, [chat("민수", &json!("m@example"), "among us")]);
    assert_eq!((minsu.all_until_now().await, hana.all_until_now().await), (vec![], vec![]));
    assert_eq!(hana.refused("chat", to_room("let me in")).await, "not_a_member");

    jina.say("leave", json!("정원")).await;
    minsu.say("chat", to_room("alone")).await;
    assert_eq!(jina.all_until_now().await, []);
    assert_eq!(jina.refused("chat", to_room("I have left")).await, "not_a_member");
    assert_eq!(inside.all_until_now::<Changes>().await, [], "no message of the lobby");
}

#[tokio::test]
async fn n3_6_a_room_of_madang_is_not_theirs_to_join() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let garden = minsu.create_room("garden").await.room;
    let [mut guest, ..] = logged_in(&server, Transport::WebSocket).await;
    for name in ["garden", &format!("room:{}", garden.id), &format!("user:{}", minsu.me.id)] {
        guest.say("join", json!(name)).await;
    }
    minsu.post(garden.id, 1, "among members").await.expect("posted");
    minsu.post(minsu.lobby, 2, "to all").await.expect("posted");
    assert_eq!(guest.all_until_now().await, [chat("민수", &json!("민수"), "to all")]);
}

#[tokio::test]
async fn rooms_of_one_socket_are_bounded() {
    let server = TestServer::start().await;
    let guest = Guest::connect(&server).await;
    for number in 0..32 {
        guest.say("join", json!(format!("room {number}"))).await;
    }
    assert_eq!(guest.refused("join", json!("one more")).await, "malformed");
    guest.say("join", json!("room 7")).await;
    guest.say("leave", json!("room 7")).await;
    guest.say("join", json!("one more")).await;
}

#[tokio::test]
async fn bad_input_gets_a_fault_and_harms_nobody() {
    let server = TestServer::start().await;
    let [mut minsu, mut jina, _hana] = logged_in(&server, Transport::WebSocket).await;
    for wrong in [json!(null), json!("민수"), json!({}), json!({"name": 7, "userid": 1}), json!({"name": "민수"})]
    {
        assert_eq!(minsu.refused("login", wrong.clone()).await, "malformed", "{wrong}");
    }
    for wrong in
        [json!(null), json!("x"), json!({}), json!({"msg": 7}), json!({"msg": " "}), json!({"msg": "x", "room": 7})]
    {
        assert_eq!(minsu.refused("chat", wrong.clone()).await, "malformed", "{wrong}");
        assert_eq!(minsu.refused("s2c chat", wrong.clone()).await, "malformed", "{wrong}");
    }
    for wrong in [json!(null), json!(7), json!(""), json!("가".repeat(41))] {
        assert_eq!(minsu.refused("join", wrong.clone()).await, "malformed", "{wrong}");
        assert_eq!(minsu.refused("leave", wrong.clone()).await, "malformed", "{wrong}");
    }
    assert_eq!((minsu.all_until_now().await, jina.all_until_now().await), (vec![], vec![]), "none of it was heard");
    // A name that can be none keeps nobody out.
    minsu.say("login", json!({"name": "가".repeat(33), "userid": "x".repeat(50)})).await;
    let (event, name) = jina.next().await;
    assert!(event == "login" && name.as_str().is_some_and(|name| name.starts_with("guest-")), "{name}");
}
