//! What a room may be called, and the address that comes of it.

use madang_common::{
    event::{room::Create, session::Hello},
    fault::FaultCode,
    text::{RoomName, RoomTopic, Stored as _},
};
use serde_json::json;

use crate::support::{Actor, TestServer, location};

/// Makes a room, as a program that checks nothing itself.
async fn create(actor: &Actor, name: &str) -> Result<String, FaultCode> {
    let event = Create { name: RoomName::stored(name.to_owned()), topic: RoomTopic::stored(String::new()) };
    actor.ask(&event).await.map(|snapshot| snapshot.room.slug.into()).map_err(|fault| fault.code)
}

#[tokio::test]
async fn a_room_whose_name_makes_the_address_of_another_gets_its_own() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    assert_eq!(create(&minsu, "C").await.as_deref(), Ok("c"));
    assert_eq!(create(&minsu, "C++").await.as_deref(), Ok("c-2"));
    assert_eq!(create(&minsu, "C#").await.as_deref(), Ok("c-3"));
    // By the plain form as well.
    let answer = server.post("/rooms", &minsu.cookie, &[("name", "C--"), ("topic", "")]).await;
    assert_eq!(location(&answer), "/r/c-4");
    // A name that has the number in it, and one that is alike.
    assert_eq!(create(&minsu, "C 5").await.as_deref(), Ok("c-5"));
    assert_eq!(create(&minsu, "C+").await.as_deref(), Ok("c-6"));
    for alike in ["c", "С", "c++", "Ｃ#", "Lobby", "로비"] {
        assert_eq!(create(&minsu, alike).await, Err(FaultCode::RoomExists), "{alike}");
    }
    let rooms = minsu.ask(&Hello {}).await.expect("granted").rooms;
    let names: Vec<_> = rooms.iter().map(|summary| summary.room.name.as_str()).collect();
    assert_eq!(names.len(), 7, "{names:?}");
}

#[tokio::test]
async fn many_rooms_of_one_address_are_found_room_for_and_tried_no_longer() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    for number in 0..30 {
        let slug = create(&minsu, &format!("a{}", "!".repeat(number))).await.expect("made");
        assert!(slug == "a" || slug.starts_with("a-"), "{slug}");
    }
}

#[tokio::test]
async fn a_room_that_is_typed_in_parts_is_the_same_room() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let in_parts = "\u{1112}\u{116c}\u{110b}\u{1174}";
    assert_eq!(create(&minsu, in_parts).await.as_deref(), Ok("회의"));
    assert_eq!(create(&minsu, "회의").await, Err(FaultCode::RoomExists));
    assert_eq!(create(&minsu, in_parts).await, Err(FaultCode::RoomExists));
    // An address that is typed in parts leads to the room.
    let page = server.http.get(format!("{}/r/{in_parts}", server.url)).header("cookie", &minsu.cookie);
    assert_eq!(location(&page.send().await.expect("an answer")), "/r/%ED%9A%8C%EC%9D%98");
}

#[tokio::test]
async fn a_room_name_with_a_character_that_cannot_be_seen_is_refused() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    // What any end knows, and what the server alone knows.
    for (name, code) in [
        ("gar\u{200b}den", FaultCode::Malformed),
        ("gar\u{e0100}den", FaultCode::Malformed),
        ("gar\u{200d}den", FaultCode::ForbiddenCharacter),
        ("gar\u{378}den", FaultCode::ForbiddenCharacter),
    ] {
        assert_eq!(create(&minsu, name).await, Err(code), "{name:?}");
        let answer = server.post("/rooms", &minsu.cookie, &[("name", name), ("topic", "")]).await;
        assert!(location(&answer).starts_with("/rooms/new?refused=forbidden_character&name="), "{name:?}");
    }
    assert_eq!(minsu.ask(&Hello {}).await.map(|hello| hello.rooms.len()), Ok(1), "nothing was made");
    assert_eq!(create(&minsu, "garden").await.as_deref(), Ok("garden"));
}

#[tokio::test]
async fn a_message_of_nothing_visible_is_blank() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let post = |number: u8, text: &str| json!({"room": minsu.lobby, "client_id": crate::support::client_id(number), "text": text});
    for blank in ["\u{e0100}", "\u{fff0}", "\u{2800}", "\u{3164}\u{115f}", "\u{1d173}"] {
        let answer = minsu.ask_raw("message.post", vec![post(1, blank)]).await;
        assert_eq!(answer["fault"]["code"], "malformed", "{blank:?}: {answer}");
        assert!(answer["fault"]["message"].as_str().is_some_and(|why| why.contains("empty")), "{answer}");
    }
    for (number, text) in [(2, "👨\u{200d}👩"), (3, "❤\u{fe0f}"), (4, "a\u{200b}b")] {
        let answer = minsu.ask_raw("message.post", vec![post(number, text)]).await;
        assert_eq!(answer["ok"]["body"]["text"], text, "{answer}");
    }
}
