//! The plain WebSocket as text.

use madang_common::limits::FRAME_BYTES;
use serde_json::json;
use tokio_tungstenite::tungstenite::{
    self, Message,
    protocol::{
        CloseFrame,
        frame::{
            Frame,
            coding::{CloseCode, Data, OpCode},
        },
    },
};

use crate::support::{Guest, TestServer, log, plain::Plain, said};

#[tokio::test]
async fn n4_1_the_server_greets_at_both_addresses() {
    let server = TestServer::start().await;
    for path in ["/ws", "/"] {
        let mut plain = Plain::open(&server, path, &[]).await.expect("a WebSocket");
        assert_eq!(plain.next().await, "Hello, I am walli");
    }
    // Without an upgrade there is the page, and so for who asks for another one. Without a built UI it is a sentence.
    let page = || server.http.get(format!("{}/", server.url));
    let status = page().send().await.expect("an answer").status();
    assert!([200, 503].contains(&status.as_u16()), "{status}");
    assert_eq!(page().header("upgrade", "h2c").send().await.expect("an answer").status(), status);
    let refused = server.http.get(format!("{}/ws", server.url)).send().await.expect("an answer");
    assert_eq!(refused.status(), 400, "nothing but WebSockets");
}

#[tokio::test]
async fn n4_2_a_frame_is_a_message_and_the_others_messages_come_by_themselves() {
    log::keep();
    let server = TestServer::start().await;
    let (mut one, mut other) = (Plain::text(&server).await, Plain::text(&server).await);
    let mut minsu = server.join("민수").await;
    one.say("n4.2 안녕 é 😀").await;
    log::until_logged(&["Received", &format!("bytes={}", "n4.2 안녕 é 😀".len())]).await;
    let message = minsu.next_change(minsu.lobby).await;
    assert_eq!(said(&message), "n4.2 안녕 é 😀");
    assert!(message.author.outside && message.author.name.as_str().starts_with("guest-"));
    minsu.post(minsu.lobby, 1, "여기요\n둘째 줄").await.expect("posted");
    assert_eq!(other.next().await, format!("{}: n4.2 안녕 é 😀", message.author.name));
    assert_eq!(other.next().await, "민수: 여기요\n둘째 줄");
    assert_eq!(one.next().await, "민수: 여기요\n둘째 줄", "no copy of one's own");
}

#[tokio::test]
async fn the_frames_of_one_socket_keep_their_order() {
    let server = TestServer::start().await;
    let (mut one, mut other) = (Plain::text(&server).await, Plain::text(&server).await);
    for number in 0..200 {
        one.say(&number.to_string()).await;
    }
    for number in 0..200 {
        assert!(other.next().await.ends_with(&format!(": {number}")));
    }
}

#[tokio::test]
async fn blank_and_overlong_texts_are_dropped_and_the_connection_stays() {
    let server = TestServer::start().await;
    let (mut one, mut other) = (Plain::text(&server).await, Plain::text(&server).await);
    for dropped in ["", " \n\t", "\u{200b}", &"x".repeat(4_001)] {
        one.say(dropped).await;
    }
    one.say("<b>this</b> is heard\u{0}").await;
    assert!(other.next().await.ends_with(": <b>this</b> is heard"));
}

#[tokio::test]
async fn pings_are_answered() {
    let server = TestServer::start().await;
    Plain::text(&server).await.ping().await;
}

#[tokio::test]
async fn a_close_is_answered() {
    let server = TestServer::start().await;
    let mut plain = Plain::text(&server).await;
    let frame = CloseFrame { code: CloseCode::Normal, reason: "bye".into() };
    plain.send(Message::Close(Some(frame))).await;
    assert_eq!(plain.close_code().await, Some(1000));
}

#[tokio::test]
async fn binary_data_closes_with_1003() {
    let server = TestServer::start().await;
    let mut plain = Plain::text(&server).await;
    plain.send(Message::binary(vec![1, 2, 3])).await;
    assert_eq!(plain.close_code().await, Some(1003));
}

#[tokio::test]
async fn text_that_is_no_utf8_closes_with_1007() {
    let server = TestServer::start().await;
    let mut plain = Plain::text(&server).await;
    let broken = Frame::message(vec![b'a', 0xff, b'b'], OpCode::Data(Data::Text), true);
    plain.send(Message::Frame(broken)).await;
    assert_eq!(plain.close_code().await, Some(1007));
}

#[tokio::test]
async fn a_frame_that_is_too_long_closes_with_1009() {
    let server = TestServer::start().await;
    let mut plain = Plain::text(&server).await;
    plain.say(&"x".repeat(FRAME_BYTES)).await;
    plain.ping().await;
    plain.say(&"x".repeat(FRAME_BYTES + 1)).await;
    assert_eq!(plain.close_code().await, Some(1009));
    let mut plain = Plain::text(&server).await;
    plain.say(&"x".repeat(1024 * 1024)).await;
    assert_eq!(plain.close_code().await, Some(1009));
}

#[tokio::test]
async fn a_server_that_stops_closes_with_1001() {
    let server = TestServer::start().await;
    let cookie = server.sign_in("민수").await;
    let (mut text, mut json) = (Plain::text(&server).await, Plain::json(&server, &cookie).await);
    json.ask("session.hello", json!({})).await;
    let stopping = tokio::spawn(server.stop());
    assert_eq!(text.close_code().await, Some(1001));
    assert_eq!(json.close_code().await, Some(1001));
    stopping.await.expect("no panic");
}

#[tokio::test]
async fn foreign_pages_get_no_web_socket() {
    let server = TestServer::start().await;
    for path in ["/ws", "/"] {
        for origin in ["http://evil.example", "null"] {
            match Plain::open(&server, path, &[("origin", origin)]).await {
                Err(tungstenite::Error::Http(answer)) => assert_eq!(answer.status(), 403, "{path} {origin}"),
                Err(error) => panic!("{error}"),
                Ok(_) => panic!("{path} lets {origin} in"),
            }
        }
        let own = Plain::open(&server, path, &[("origin", &server.url)]).await;
        assert_eq!(own.expect("one's own page gets in").next().await, "Hello, I am walli");
    }
}

#[tokio::test]
async fn a_slow_socket_is_closed_and_slows_nobody() {
    let server = TestServer::start_with(|config| config.socket_buffer = 16).await;
    let mut slow = Plain::open_narrow(&server, &[]).await;
    assert_eq!(slow.next().await, "Hello, I am walli");
    let mut quick = Plain::text(&server).await;
    let speaker = Guest::connect(&server).await;
    // Nobody reads for the slow one meanwhile.
    const TEXTS: usize = 300;
    let text = "가".repeat(4_000);
    for _ in 0..TEXTS {
        speaker.say("chat message", json!(text)).await;
        assert!(quick.next().await.ends_with(&text));
    }
    // Whether the close gets through depends on what the operating system holds back; that it is closed does not.
    let mut taken = 0;
    let code = loop {
        match slow.next_or_close().await {
            Ok(_) => taken += 1,
            Err(code) => break code,
        }
    };
    assert!(taken < TEXTS && matches!(code, None | Some(1013)), "{taken} {code:?}");
    speaker.say("chat message", json!("the others go on")).await;
    assert!(quick.next().await.ends_with(": the others go on"));
}
