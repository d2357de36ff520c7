//! Sessions that are forged, replayed, or someone else's.

use madang_common::fault::FaultCode;
use reqwest::header;
use tokio_tungstenite::tungstenite;

use crate::support::{Pair, TestServer, Transport, client_id, plain::Plain, polling::Polling, wire::Wire, within};

/// The status of a poll, or of a post of these packets, to an address with a cookie.
async fn status(server: &TestServer, address: &str, cookie: &str, packets: Option<&'static str>) -> u16 {
    let request = match packets {
        Some(packets) => server.http.post(address).body(packets),
        None => server.http.get(address),
    };
    let request = if cookie.is_empty() { request } else { request.header(header::COOKIE, cookie) };
    within(request.send()).await.expect("an answer").status().as_u16()
}

const POST: &str = "42/chat,1[\"session.hello\",{}]";

#[tokio::test]
async fn a_connection_s_id_is_of_no_use_to_others() {
    let server = TestServer::limited("1", |_| {}).await;
    let minsu = server.sign_in("민수").await;
    let thief = server.sign_in("도둑").await;
    let polling = Polling::join(&server, &minsu).await;
    for cookie in [thief.as_str(), "", "madang_session=x"] {
        assert_eq!(status(&server, &polling.address, cookie, None).await, 400, "{cookie}");
        assert_eq!(status(&server, &polling.address, cookie, Some(POST)).await, 400, "{cookie}");
        let web_socket = polling.address.replace("http://", "ws://").replace("polling", "websocket");
        let refused = Wire::open_at(&web_socket, &[("cookie", cookie)]).await.err();
        let Some(tungstenite::Error::Http(answer)) = refused else { panic!("an upgrade with {cookie}: {refused:?}") };
        assert_eq!(answer.status(), 400);
    }
    // It is as good as ever to its owner, and nothing has happened on it.
    assert_eq!(status(&server, &polling.address, &minsu, Some(POST)).await, 200);
    assert_eq!(polling.send("42/chat,2[\"room.head\",{}]".to_owned()).await.status(), 200);
    let mut heard = String::new();
    while !heard.contains("43/chat,2[") {
        heard.push_str(&polling.poll().await);
    }
    assert_eq!(heard.matches("43/chat,1[").count(), 1, "{heard}");
}

#[tokio::test]
async fn a_connection_s_id_that_is_made_up_or_over_is_unknown() {
    let server = TestServer::limited("1", |_| {}).await;
    let mut pair = Pair::join(&server).await;
    let cookie = server.sign_in("또 다른 이").await;
    let polling = Polling::join(&server, &cookie).await;
    let (address, sid) = polling.address.split_once("&sid=").expect("an id");
    for forged in ["AAAAAAAAAAAAAAAA", "", "x", "../../etc/passwd", "%00", &"A".repeat(10_000), &sid.to_lowercase()] {
        let forged = format!("{address}&sid={forged}");
        for packets in [None, Some(POST)] {
            let status = status(&server, &forged, &cookie, packets).await;
            assert_eq!(status, 400, "{}", &forged[..forged.len().min(100)]);
        }
    }
    assert_eq!(polling.send("1".to_owned()).await.status(), 200, "its owner closes it");
    // What closes it is on its way for a moment.
    while status(&server, &polling.address, &cookie, None).await != 400 {}
    assert_eq!(status(&server, &polling.address, &cookie, Some(POST)).await, 400, "replayed");
    pair.talk().await;
}

#[tokio::test]
async fn a_session_s_cookie_that_is_forged_or_over_opens_nothing() {
    let server = TestServer::limited("1", |_| {}).await;
    let cookie = server.sign_in("민수").await;
    let (name, token) = cookie.split_once('=').expect("a token");
    let flipped = format!("{name}={}{}", if token.starts_with('0') { '1' } else { '0' }, &token[1..]);
    for forged in [flipped, format!("{name}={}", "0".repeat(64)), format!("{name}="), format!("{cookie}0")] {
        assert_eq!(server.connect_refused(&forged).await, FaultCode::NotSignedIn, "{forged}");
        let mut program = Plain::json(&server, &forged).await;
        assert!(program.next().await.contains("not_signed_in"));
        assert_eq!(program.close_code().await, Some(4401));
        let form = [("text", "forged"), ("client_id", "0192f0c1-2345-7abc-8def-0123456789ab")];
        let answer = server.post("/r/lobby/messages", &forged, &form).await;
        assert_eq!(answer.status(), 303);
        assert!(answer.headers()[header::LOCATION].to_str().expect("ASCII").starts_with("/?next="));
    }
    let minsu = server.connect(&cookie, Transport::WebSocket).await;
    minsu.post(minsu.lobby, 1, "the true one").await.expect("posted");
    server.post("/leave", &cookie, &[]).await;
    assert_eq!(server.connect_refused(&cookie).await, FaultCode::NotSignedIn, "replayed");
    let jina = server.join("지나").await;
    assert!(jina.post(jina.lobby, 1, client_id(1).to_string().as_str()).await.is_ok());
}

#[tokio::test]
async fn no_form_and_no_upgrade_is_taken_from_a_foreign_page() {
    let server = TestServer::limited("1", |_| {}).await;
    let cookie = server.sign_in("민수").await;
    for path in [
        "/join",
        "/leave",
        "/rooms",
        "/r/lobby/join",
        "/r/lobby/leave",
        "/r/lobby/messages",
        "/messages/1/edit",
        "/messages/1/delete",
        "/settings",
    ] {
        let request = server.http.post(format!("{}{path}", server.url));
        let request = request.header(header::COOKIE, &cookie).header(header::ORIGIN, "http://evil.example");
        assert_eq!(within(request.send()).await.expect("an answer").status(), 403, "{path}");
    }
    let headers = [("cookie", cookie.as_str()), ("origin", "http://evil.example")];
    for path in ["/ws", "/", "/socket.io/?EIO=4&transport=websocket", "/socket.io/?EIO=3&transport=websocket"] {
        let Err(tungstenite::Error::Http(answer)) = Plain::open(&server, path, &headers).await else {
            panic!("{path} should be refused")
        };
        assert_eq!(answer.status(), 403, "{path}");
    }
    server.connect(&cookie, Transport::WebSocket).await;
}
