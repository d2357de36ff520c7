//! The plain WebSocket with Madang's own events.

use madang_common::event::{CLIENT_EVENTS, presence::PresenceChanged, room::Changes};
use serde_json::{Value, json};

use crate::support::{
    Actor, TestServer, client_id, location,
    plain::{JSON, Plain},
    said,
};

/// Somebody with a session, on a plain WebSocket.
async fn join(server: &TestServer, name: &str) -> (Plain, String) {
    let cookie = server.sign_in(name).await;
    let mut plain = Plain::json(server, &cookie).await;
    let (hello, _) = plain.ask("session.hello", json!({})).await;
    assert_eq!(hello["ok"]["me"]["name"], name);
    (plain, cookie)
}

fn post(actor: &Actor, number: u8, text: &str) -> Value {
    json!({"room": actor.lobby, "client_id": client_id(number), "text": text})
}

#[tokio::test]
async fn n4_3_the_events_of_the_chat_are_carried_with_their_acknowledgements() {
    let server = TestServer::start().await;
    let mut minsu = server.join("민수").await;
    let (mut plain, _) = join(&server, "지나").await;
    minsu.all_until_now::<Changes>().await;
    let (posted, before) = plain.ask("message.post", post(&minsu, 1, "안녕 é 😀")).await;
    assert_eq!(posted["ok"]["body"]["text"], "안녕 é 😀");
    let message = minsu.next_change(minsu.lobby).await;
    assert_eq!((message.author.name.as_str(), said(&message)), ("지나", "안녕 é 😀"));
    assert!(!message.author.outside);
    // The sender hears of it as well, before the answer, as everywhere in this protocol.
    let changes = before.iter().find(|frame| frame["event"] == "room.changes").expect("the change");
    assert_eq!(changes["data"]["changes"][0], posted["ok"]);
    minsu.post(minsu.lobby, 2, "반가워요").await.expect("posted");
    let heard = plain.next_event("room.changes").await;
    assert_eq!(heard["changes"][0]["body"]["text"], "반가워요");
    minsu.start_typing(minsu.lobby).await.expect("granted");
    assert_eq!(plain.next_event("typing.changed").await["user"]["name"], "민수");
    let garden = minsu.create_room("garden").await.room;
    assert_eq!(plain.next_event("room.added").await["room"]["id"], json!(garden.id));
}

#[tokio::test]
async fn every_event_is_known_and_what_cannot_be_read_is_refused() {
    let server = TestServer::start().await;
    let (mut plain, _) = join(&server, "지나").await;
    for event in CLIENT_EVENTS {
        for wrong in [json!(null), json!("text"), json!([]), json!(7)] {
            let (answer, _) = plain.ask(event, wrong).await;
            assert_eq!(answer["fault"]["code"], "malformed", "{event}: {answer}");
        }
    }
    let (answer, _) = plain.ask("chat message", json!("x")).await;
    assert_eq!(answer["fault"]["code"], "unknown_event");
    for wrong in [
        "",
        "text",
        "{",
        "[]",
        "7",
        "null",
        "{}",
        "{\"event\":7,\"id\":1}",
        "{\"event\":\"room.head\",\"data\":{},\"id\":\"one\"}",
        "{\"event\":\"room.head\",\"data\":{},\"id\":-1}",
        &"[".repeat(10_000),
    ] {
        let answer = plain.ask_raw(wrong).await;
        assert_eq!((&answer["ack"], &answer["fault"]["code"]), (&json!(null), &json!("malformed")), "{wrong}");
    }
    let (answer, _) = plain.ask("room.head", json!({})).await;
    assert!(answer.get("ok").is_some(), "the connection stands: {answer}");
}

#[tokio::test]
async fn a_request_without_an_id_is_carried_out_and_not_answered() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let (mut plain, _) = join(&server, "지나").await;
    plain.say(&json!({"event": "message.post", "data": post(&minsu, 1, "no answer")}).to_string()).await;
    let (_, before) = plain.ask("room.head", json!({})).await;
    assert!(before.iter().all(|frame| frame.get("ack").is_none()), "{before:?}");
    assert!(before.iter().any(|frame| frame["data"]["changes"][0]["body"]["text"] == "no answer"));
}

#[tokio::test]
async fn without_a_session_it_is_told_so_and_closed() {
    let server = TestServer::start().await;
    for cookie in ["", "madang_session=0000"] {
        let mut plain = Plain::json(&server, cookie).await;
        let frame: Value = serde_json::from_str(&plain.next().await).expect("JSON");
        assert_eq!((&frame["ack"], &frame["fault"]["code"]), (&json!(null), &json!("not_signed_in")));
        assert_eq!(plain.close_code().await, Some(4401));
    }
}

#[tokio::test]
async fn the_chosen_protocol_is_said_and_others_are_passed_over() {
    use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
    let server = TestServer::start().await;
    let mut request = format!("ws://{}/", server.host).into_client_request().expect("an address");
    request.headers_mut().insert("sec-websocket-protocol", format!("other, {JSON}").parse().expect("a header"));
    let (_, answer) = tokio_tungstenite::connect_async(request).await.expect("a WebSocket");
    assert_eq!(answer.headers()["sec-websocket-protocol"], JSON);
}

#[tokio::test]
async fn an_ended_session_closes_it() {
    let server = TestServer::start().await;
    let (mut plain, cookie) = join(&server, "지나").await;
    assert_eq!(location(&server.post("/leave", &cookie, &[]).await), "/");
    plain.next_event("session.ended").await;
    assert_eq!(plain.close_code().await, Some(4401));
}

#[tokio::test]
async fn presence_counts_it_like_any_socket() {
    let server = TestServer::start().await;
    let mut minsu = server.join("민수").await;
    let (mut plain, cookie) = join(&server, "지나").await;
    let id = plain.ask("session.hello", json!({})).await.0["ok"]["me"]["id"].clone();
    let is_jina = |event: &PresenceChanged| json!(event.user) == id;
    assert!(minsu.next_where(is_jina).await.online);
    let second = Plain::json(&server, &cookie).await;
    drop(plain);
    drop(second);
    assert!(!minsu.next_where(is_jina).await.online);
}

#[tokio::test]
async fn who_is_no_member_hears_nothing_nor_who_is_one_no_more() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let garden = minsu.create_room("garden").await.room.id;
    let (mut plain, _) = join(&server, "지나").await;
    let (mut outsider, _) = join(&server, "하나").await;
    let words = |event: &Value| event["data"]["changes"][0]["body"]["text"].clone();

    let (joined, _) = plain.ask("room.join", json!({"room": garden})).await;
    assert!(joined.get("ok").is_some(), "{joined}");
    minsu.post(garden, 1, "members only").await.expect("posted");
    let (_, heard) = plain.ask("room.head", json!({})).await;
    assert!(heard.iter().any(|event| words(event) == "members only"), "a member hears it");
    let (_, heard) = outsider.ask("room.head", json!({})).await;
    assert!(heard.iter().all(|event| words(event) != "members only"), "{heard:?}");
    let (answer, _) = outsider.ask("room.sync", json!({"room": garden, "since": 0})).await;
    assert_eq!(answer["fault"]["code"], "not_a_member");

    let (left, _) = plain.ask("room.leave", json!({"room": garden})).await;
    assert!(left.get("ok").is_some(), "{left}");
    minsu.post(garden, 2, "after that").await.expect("posted");
    let (_, heard) = plain.ask("room.head", json!({})).await;
    assert!(heard.iter().all(|event| words(event) != "after that"), "{heard:?}");
}

#[tokio::test]
async fn a_slow_socket_is_cut_off_and_catches_up_by_itself() {
    let server = TestServer::start_with(|config| config.socket_buffer = 16).await;
    let mut minsu = server.join("민수").await;
    let cookie = server.sign_in("지나").await;
    let headers = [("cookie", cookie.as_str()), ("sec-websocket-protocol", JSON)];
    let mut slow = Plain::open_narrow(&server, &headers).await;
    let jina = slow.ask("session.hello", json!({})).await.0["ok"]["me"]["id"].clone();
    let is_jina = |event: &PresenceChanged| json!(event.user) == jina;
    assert!(minsu.next_where(is_jina).await.online);
    let text = "가".repeat(4_000);
    let mut posted = 0;
    // It is gone when its connection is, although it never says a word.
    while minsu.all_until_now::<PresenceChanged>().await.iter().all(|event| event.online) {
        let id = madang_common::id::ClientId::new(posted, [7; 10]);
        minsu.post_as(minsu.lobby, id, &text).await.expect("posted");
        posted += 1;
    }
    while slow.next_or_close().await.is_ok() {}
    let mut again = Plain::json(&server, &cookie).await;
    let (answer, _) = again.ask("room.sync", json!({"room": minsu.lobby, "since": 0})).await;
    assert_eq!(answer["ok"]["changes"][2]["body"]["text"], json!(text), "all of it is there");
}
