//! How often one may do something: for people, in events and in forms.

use std::time::Duration;

use madang_common::{
    event::message::Post,
    fault::{Fault, FaultCode},
    id::{ClientId, RoomId},
};
use madang_server::config::Config;
use reqwest::{Response, header};
use serde_json::json;

use crate::support::{Actor, TestServer, Transport, cookie, location, plain::Plain, wire::Wire, within, words};

/// Posts until it is too often; how many were granted, and the refusal.
async fn post_until_refused(actor: &Actor, room: RoomId, author: u8) -> (u64, Fault) {
    for number in 0..2_000 {
        if let Err(fault) = actor.post_as(room, ClientId::new(number, [author; 10]), "again and again").await {
            return (number, fault);
        }
    }
    panic!("it is never too often");
}

fn again_in(fault: &Fault) -> Duration {
    assert_eq!(fault.code, FaultCode::TooOften, "{fault}");
    Duration::from_millis(fault.again_in.expect("when to try again").into())
}

#[tokio::test]
async fn who_posts_too_often_is_told_when_to_try_again_and_loses_nothing() {
    let server = TestServer::limited("1", |_| {}).await;
    let minsu = server.join("민수").await;
    let jina = server.join("지나").await;
    let lobby = minsu.lobby;
    let (granted, fault) = post_until_refused(&minsu, lobby, 1).await;
    assert_eq!(granted, 40);
    let wait = again_in(&fault);
    assert!(fault.message.contains("try again in 1 second."), "{fault}");
    let before = jina.open(lobby).await.expect("a member").membership.rev;
    jina.post(lobby, 1, "I may all the same").await.expect("posted");
    assert_eq!(jina.open(lobby).await.expect("a member").membership.rev, before.next(), "nothing else was stored");

    server.clock.advance(wait);
    let refused = ClientId::new(granted, [1; 10]);
    let message = minsu.post_as(lobby, refused, "again and again").await.expect("now it is granted");
    // An answer that got lost: the same is sent once more, is too often, and is stored once all the same.
    let fault = minsu.post_as(lobby, refused, "again and again").await.expect_err("too often");
    server.clock.advance(again_in(&fault));
    assert_eq!(minsu.post_as(lobby, refused, "again and again").await, Ok(message));
}

#[tokio::test]
async fn it_counts_for_a_person_whatever_they_connect_with() {
    let server = TestServer::limited("1", |_| {}).await;
    let minsu = server.join("민수").await;
    let other_tab = server.connect(&minsu.cookie, Transport::Polling).await;
    let mut program = Plain::json(&server, &minsu.cookie).await;
    let (_, fault) = post_until_refused(&minsu, minsu.lobby, 1).await;
    let fault_there = other_tab.post(minsu.lobby, 2, "from another tab").await.expect_err("too often");
    assert_eq!(fault_there, fault);
    let (answer, _) = program
        .ask("message.post", json!({"room": minsu.lobby, "client_id": ClientId::new(3, [3; 10]), "text": "x"}))
        .await;
    assert_eq!(answer["fault"]["code"], "too_often", "{answer}");
    assert_eq!(answer["fault"]["again_in"], json!(fault.again_in));
    let form = [("text", "by the form"), ("client_id", "0192f0c1-2345-7abc-8def-0123456789ab")];
    assert_refused(server.post("/r/lobby/messages", &minsu.cookie, &form).await).await;
}

#[tokio::test]
async fn reading_goes_on_while_posting_is_refused() {
    let server = TestServer::limited("1", |_| {}).await;
    let minsu = server.join("민수").await;
    post_until_refused(&minsu, minsu.lobby, 1).await;
    assert!(minsu.open(minsu.lobby).await.is_ok());
    assert!(minsu.start_typing(minsu.lobby).await.is_ok());
    let message = minsu.open(minsu.lobby).await.expect("a member").messages.pop().expect("posted").id;
    assert!(minsu.edit(message, "another kind of event").await.is_ok());
}

#[tokio::test]
async fn how_far_rooms_have_come_counts_as_reading() {
    // A tenth: 30 reads, and 20 of what is small.
    let server = TestServer::limited("0.1", |_| {}).await;
    let minsu = server.join("민수").await;
    let mut program = Plain::json(&server, &minsu.cookie).await;
    let mut granted = 0;
    let fault = loop {
        let (answer, _) = program.ask("room.head", json!({})).await;
        if answer.get("ok").is_none() {
            break answer["fault"].clone();
        }
        granted += 1;
        assert!(granted < 60, "any event at all is refused then");
    };
    assert_eq!(fault["code"], "too_often");
    let (answer, _) = program.ask("room.open", json!({ "room": minsu.lobby })).await;
    assert_eq!(answer["fault"]["code"], "too_often", "{answer}");
    assert!(minsu.start_typing(minsu.lobby).await.is_ok(), "another kind");
}

#[tokio::test]
async fn a_room_takes_no_more_from_many_than_it_may() {
    // A hundredth: 20 in a room, and one for each person, who all are elsewhere.
    let proxy = |config: &mut Config| config.trust_proxy = vec!["127.0.0.1".parse().expect("an address")];
    let server = TestServer::limited("0.01", proxy).await;
    let from = async |person: usize, path: &str, cookie: &str, form: &[(&str, &str)]| {
        let request = server.http.post(format!("{}{path}", server.url)).form(form).header(header::COOKIE, cookie);
        let request = request.header("x-forwarded-for", format!("198.51.100.{person}"));
        within(request.send()).await.expect("an answer")
    };
    for person in 0..=20 {
        let joined = from(person, "/join", "", &[("name", &format!("사람 {person}"))]).await;
        let cookie = cookie(&joined).expect("a session");
        let id = format!("0192f0c1-2345-7abc-8def-{person:012}");
        let answer = from(person, "/r/lobby/messages", &cookie, &[("text", "x"), ("client_id", &id)]).await;
        if person < 20 {
            assert_eq!(location(&answer), "/r/lobby", "{person}");
        } else {
            assert_refused(answer).await;
        }
    }
}

#[tokio::test]
async fn rooms_cannot_be_made_by_the_thousand() {
    let server = TestServer::limited("1", |_| {}).await;
    let minsu = server.join("민수").await;
    for number in 0..10 {
        minsu.create_room(&format!("방 {number}")).await;
    }
    let answer = minsu.ask_raw("room.create", vec![json!({"name": "one too many", "topic": ""})]).await;
    assert_eq!(answer["fault"]["code"], "too_often", "{answer}");
    assert_eq!(answer["fault"]["again_in"], 60_000, "one a minute");
    assert_refused(server.post("/rooms", &minsu.cookie, &[("name", "one too many")]).await).await;
    server.clock.advance(Duration::from_secs(60));
    let answer = server.post("/rooms", &minsu.cookie, &[("name", "one too many")]).await;
    assert_eq!(location(&answer), "/r/one-too-many", "it had not been made");
}

#[tokio::test]
async fn what_one_has_stored_is_counted_in_bytes() {
    // A tenth: some hundred thousand bytes, in four posts at once.
    let server = TestServer::limited("0.1", |_| {}).await;
    let minsu = server.join("민수").await;
    let jina = server.join("지나").await;
    let long = "가".repeat(4_000);
    let mut stored = 0;
    let fault = loop {
        match minsu.post(minsu.lobby, stored, &long).await {
            Ok(_) => stored += 1,
            Err(fault) if fault.message.contains("store") => break fault,
            // As often as one may say something.
            Err(_) => server.clock.advance(Duration::from_secs(2)),
        }
    };
    assert_eq!(fault.code, FaultCode::TooOften);
    assert!((8..=9).contains(&stored), "of 12,300 bytes each: {stored}");
    jina.post(jina.lobby, 200, &long).await.expect("another person");
    let answer = minsu.edit(jina.post(jina.lobby, 201, "hers").await.expect("posted").id, &long).await;
    assert_eq!(answer.expect_err("counted before it is looked at").code, FaultCode::TooOften);
    server.clock.advance(Duration::from_millis(fault.again_in.expect("a time").into()));
    minsu.post(minsu.lobby, stored, &long).await.expect("after the time that was told");
}

#[tokio::test]
async fn whatever_one_sends_is_counted() {
    let server = TestServer::limited("0.1", |_| {}).await;
    let cookie = server.sign_in("민수").await;
    let mut wire = Wire::join(&server, &cookie).await;
    // 60 at once: malformed, unknown and well-formed alike.
    for (number, body) in
        (0..60).zip(["[\"room.head\",{}]", "[\"room.head\",7]", "[\"no such event\"]"].iter().cycle())
    {
        wire.send(&format!("42/chat,{number}{body}")).await;
        let answer = wire.next_like(&format!("43/chat,{number}")).await;
        // A tenth of 200 of its own kind.
        assert!(!answer.contains("too_often"), "{number}: {answer}");
    }
    for body in ["[\"session.hello\",{}]", "[\"room.head\",7]", "[\"no such event\"]"] {
        wire.send(&format!("42/chat,99{body}")).await;
        let answer = wire.next_like("43/chat,99").await;
        assert!(answer.contains("too_often") && answer.contains("again_in"), "{answer}");
    }
}

#[tokio::test]
async fn who_joins_too_often_from_one_address_gets_a_page_that_says_so() {
    let server = TestServer::limited("0.01", |_| {}).await;
    for number in 0..5 {
        server.sign_in(&format!("사람 {number}")).await;
    }
    let refused = server.post("/join", "", &[("name", "한 사람 더")]).await;
    assert_eq!(cookie(&refused), None);
    assert_refused(refused).await;
    server.clock.advance(Duration::from_secs(201));
    server.sign_in("한 사람 더").await;
}

/// A page that a person can read, and when to come back.
async fn assert_refused(answer: Response) {
    assert_eq!(answer.status(), 429);
    let wait: u64 = answer.headers()[header::RETRY_AFTER].to_str().expect("ASCII").parse().expect("seconds");
    assert!(wait >= 1);
    let text = within(answer.text()).await.expect("a text");
    assert!(text.contains("Please try again in"), "{text}");
}

#[tokio::test]
async fn a_proxy_says_for_whom_it_asks_and_nobody_else_does() {
    let join = async |server: &TestServer, number: usize, forwarded: &str| {
        let request = server
            .http
            .post(format!("{}/join", server.url))
            .header("x-forwarded-for", forwarded)
            .form(&[("name", format!("사람 {number}"))]);
        within(request.send()).await.expect("an answer").status()
    };
    let open = TestServer::limited("0.01", |_| {}).await;
    for number in 0..5 {
        assert_eq!(join(&open, number, &format!("198.51.100.{number}")).await, 303);
    }
    assert_eq!(join(&open, 5, "198.51.100.5").await, 429, "it is invented");

    let behind =
        TestServer::limited("0.01", |config| config.trust_proxy = vec!["127.0.0.1".parse().expect("ip")]).await;
    for number in 0..6 {
        assert_eq!(join(&behind, number, &format!("203.0.113.7, 198.51.100.{number}")).await, 303);
    }
    for number in 6..10 {
        assert_eq!(join(&behind, number, "198.51.100.0").await, 303);
    }
    assert_eq!(join(&behind, 10, "198.51.100.0").await, 429, "one of them has joined five times");
}

#[tokio::test]
async fn an_event_that_asks_for_no_answer_is_counted_too() {
    let server = TestServer::limited("1", |_| {}).await;
    let minsu = server.join("민수").await;
    for number in 0..40 {
        let post = Post { room: minsu.lobby, client_id: ClientId::new(number, [1; 10]), text: words("x") };
        minsu.tell(&post).await;
    }
    // The events of one connection are taken in in their order.
    again_in(&minsu.post(minsu.lobby, 2, "one too many").await.expect_err("too often"));
}

#[tokio::test]
async fn a_person_has_so_many_connections() {
    let server = TestServer::limited("1", |_| {}).await;
    let cookie = server.sign_in("민수").await;
    let mut open = Vec::new();
    for _ in 0..64 {
        open.push(Wire::join(&server, &cookie).await);
    }
    assert_eq!(server.connect_refused(&cookie).await, FaultCode::TooOften);
    let mut program = Plain::json(&server, &cookie).await;
    assert!(program.next().await.contains("too_often"));
    assert_eq!(program.close_code().await, Some(1013), "it may come back");
    server.join("지나").await;

    open.pop().expect("64 of them").drop_silently();
    // The server learns of it when it does.
    while Actor::connect(&server.url, &cookie, Transport::WebSocket).await.is_err() {}
}
