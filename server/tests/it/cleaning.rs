//! What has had its time is removed, and nothing else.

use std::time::Duration;

use madang_common::{
    event::{
        room::{Create, Removed},
        session::Hello,
    },
    fault::FaultCode,
    room::RoomView,
    text::{RoomName, RoomTopic},
};
use madang_server::config::{Config, Lifetime};

use crate::support::{Actor, TestServer, Transport, within};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn impatient(config: &mut Config) {
    config.cleaning = Duration::from_millis(50);
    config.empty_room_expiry = Lifetime::of(DAY * 3);
}

async fn until_removed(actor: &mut Actor, room: &RoomView) {
    assert_eq!(actor.next::<Removed>().await.room, room.id);
}

#[tokio::test]
async fn a_room_that_everyone_has_left_is_removed_and_no_other() {
    let server = TestServer::start_with(impatient).await;
    let minsu = server.join("민수").await;
    let mut jina = server.join("지나").await;
    let deserted = minsu.create_room("떠난 방").await.room;
    // More than one command removes.
    for number in 0..250 {
        minsu.post(deserted.id, number, "one of many").await.expect("posted");
    }
    let kept = minsu.create_room("남은 방").await.room;
    let left = minsu.create_room("곧 비는 방").await.room;
    minsu.post(left.id, 251, "bye").await.expect("posted");
    minsu.leave_room(deserted.id).await.expect("left");

    server.clock.advance(DAY * 2);
    minsu.leave_room(left.id).await.expect("left");
    server.clock.advance(DAY * 2);
    until_removed(&mut jina, &deserted).await;
    assert_eq!(jina.join_room(deserted.id).await.expect_err("it is gone").code, FaultCode::NotFound);
    let hello = jina.ask(&Hello {}).await.expect("signed in");
    let ids: Vec<_> = hello.rooms.iter().map(|summary| summary.room.id).collect();
    assert_eq!(ids.len(), 3, "{ids:?}");
    assert!([jina.lobby, kept.id, left.id].iter().all(|room| ids.contains(room)), "{ids:?}");
    minsu.post(kept.id, 252, "still here").await.expect("a member");

    // The address is free again, and nothing of the old room is in the new one.
    let again = jina.create_room("떠난 방").await;
    assert_ne!(again.room.id, deserted.id);
    assert_eq!((again.room.slug, again.messages.len()), (deserted.slug, 1));
    // Who comes in keeps a room, in which the others' words are still there.
    let opened = jina.join_room(left.id).await.expect("joined");
    assert!(opened.messages.len() > 3);
}

#[tokio::test]
async fn a_room_in_which_nothing_was_said_is_removed_sooner() {
    let server = TestServer::start_with(impatient).await;
    let minsu = server.join("민수").await;
    let mut jina = server.join("지나").await;
    let silent = minsu.create_room("조용한 방").await.room;
    let spoken = minsu.create_room("말한 방").await.room;
    let said = minsu.post(spoken.id, 1, "word").await.expect("posted");
    minsu.delete(said.id).await.expect("deleted");
    for room in [&silent, &spoken] {
        minsu.leave_room(room.id).await.expect("left");
    }
    server.clock.advance(DAY + Duration::from_secs(1));
    until_removed(&mut jina, &silent).await;
    assert!(jina.join_room(spoken.id).await.is_ok(), "something was said there");
}

#[tokio::test]
async fn one_person_makes_no_more_than_a_part_of_all_rooms() {
    let server = TestServer::start_with(|config| config.rooms = 13).await;
    let minsu = server.join("민수").await;
    let jina = server.join("지나").await;
    for number in 1..=4 {
        minsu.create_room(&format!("방 {number}")).await;
    }
    let name = RoomName::parse("하나 더").expect("a name");
    let more = Create { name, topic: RoomTopic::parse("").expect("a topic") };
    let fault = minsu.ask(&more).await.expect_err("a quarter of all");
    assert_eq!(fault.code, FaultCode::TooManyRooms);
    jina.create_room("지나의 방").await;
}

/// Whether a text stands in the database.
fn is_stored(server: &TestServer, text: &str) -> bool {
    let database = std::fs::read(server.data_folder().join("madang.sqlite3")).expect("the database");
    database.windows(text.len()).any(|bytes| bytes == text.as_bytes())
}

#[tokio::test]
async fn old_messages_go_and_people_with_their_last_ones() {
    let set = |config: &mut Config| {
        impatient(config);
        config.keep_messages = Lifetime::of(DAY * 2);
    };
    let server = TestServer::start_with(set).await;
    let gone = server.join("name-like-no-other").await;
    gone.post(gone.lobby, 1, "text-like-no-other").await.expect("posted");
    let cookie = gone.cookie.clone();
    let minsu = server.join("민수").await;
    gone.go().await;
    assert_eq!(server.post("/leave", &cookie, &[]).await.status(), 303);
    server.clock.advance(DAY);
    let recent = minsu.post(minsu.lobby, 2, "recent").await.expect("posted");
    let server = server.restart().await;
    assert!(is_stored(&server, "name-like-no-other") && is_stored(&server, "text-like-no-other"));

    server.clock.advance(DAY + Duration::from_secs(1));
    let minsu = server.connect(&minsu.cookie, Transport::WebSocket).await;
    let page = within(async {
        loop {
            let page = minsu.open(minsu.lobby).await.expect("a member");
            if page.messages.first().is_some_and(|first| first.id == recent.id) {
                break page;
            }
        }
    })
    .await;
    assert_eq!(page.messages.len(), 1);
    let next = minsu.post(minsu.lobby, 3, "next").await.expect("posted");
    assert_eq!(next.seq.0, recent.seq.0 + 1, "it goes on where it was");

    // Closing the database takes the write-ahead log into it; the job goes on after each start.
    let mut server = server;
    while is_stored(&server, "name-like-no-other") {
        server = within(server.restart()).await;
    }
    assert!(!is_stored(&server, "text-like-no-other"));
}
