//! Addresses: what each counts as, and those that lead nowhere or end in a slash.

use std::time::Duration;

use reqwest::{Method, Response, header};

use crate::support::{TestServer, raw::Raw, within};

async fn ask(server: &TestServer, method: Method, path: &str, cookie: &str) -> Response {
    let request = server.http.request(method, format!("{}{path}", server.url)).header(header::COOKIE, cookie);
    within(request.send()).await.expect("an answer")
}

async fn get(server: &TestServer, path: &str) -> Response {
    ask(server, Method::GET, path, "").await
}

/// How many requests are granted before one is refused.
async fn burst(server: &TestServer, method: Method, path: &str) -> usize {
    for granted in 0..1_000 {
        let answer = ask(server, method.clone(), path, "").await;
        if answer.status() == 429 {
            assert!(answer.headers().contains_key(header::RETRY_AFTER), "{path}");
            return granted;
        }
    }
    panic!("{path} may be asked for without an end");
}

#[tokio::test]
async fn whatever_is_asked_for_is_counted() {
    // A hundredth of what is documented.
    for (method, path, granted) in [
        (Method::GET, "/", 30),
        (Method::GET, "/learn", 30),
        (Method::GET, "/user/7", 30),
        (Method::GET, "/nowhere", 30),
        (Method::GET, "/healthx", 30),
        (Method::GET, "/pkgs/nope", 30),
        (Method::GET, "/socket.iox", 30),
        (Method::GET, "/r/lobby/", 30),
        (Method::HEAD, "/nowhere", 30),
        (Method::GET, "/health", 6),
        (Method::GET, "/pkg/nope", 200),
        (Method::GET, "/favicon.svg", 200),
        (Method::GET, "/notes/quick_chat.js", 200),
        // Its head alone: where the UI is built, its bytes are counted, too.
        (Method::HEAD, "/socket.io/socket.io.js", 200),
        (Method::GET, "/join", 10),
        (Method::POST, "/settings", 10),
        (Method::POST, "/nowhere", 10),
        (Method::DELETE, "/pkg/nope", 10),
        (Method::GET, "/ws", 30),
        (Method::GET, "/socket.io/", 30),
    ] {
        let server = TestServer::limited("0.01", |_| {}).await;
        assert_eq!(burst(&server, method.clone(), path).await, granted, "{method} {path}");
        server.clock.advance(Duration::from_secs(60));
        assert_ne!(ask(&server, method.clone(), path, "").await.status(), 429, "{method} {path}");
    }
}

#[tokio::test]
async fn a_page_is_one_whatever_the_request_says_of_a_websocket() {
    let server = TestServer::limited("0.01", |_| {}).await;
    for granted in 0.. {
        let request = server.http.get(format!("{}/nowhere", server.url));
        let request = request.header(header::UPGRADE, "websocket").header(header::CONNECTION, "upgrade");
        if within(request.send()).await.expect("an answer").status() == 429 {
            assert_eq!(granted, 30);
            break;
        }
    }
    let answer = get(&server, "/socket.io/?EIO=4&transport=polling").await;
    assert_eq!(answer.status(), 200, "handshakes are counted for themselves");
}

#[tokio::test]
async fn what_is_nowhere_is_small_and_says_nothing_of_the_rooms() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    for number in 0..100 {
        minsu.create_room(&format!("비밀 정원 {number}")).await;
    }
    assert_eq!(minsu.ask(&madang_common::event::session::Hello {}).await.expect("a person").rooms.len(), 101);
    for path in ["/nope", "/pkg/nope", "/pkg/", "/healthx", "/socket.iox/?EIO=4&transport=polling"] {
        let answer = ask(&server, Method::GET, path, &minsu.cookie).await;
        assert_eq!(answer.status(), 404, "{path}");
        let text = within(answer.text()).await.expect("a text");
        assert!(text.len() < 4_096, "{path}: {} bytes", text.len());
        assert!(!text.contains("정원"), "{path}: {text}");
    }
    assert_eq!(ask(&server, Method::POST, "/nope", &minsu.cookie).await.status(), 405);
}

#[tokio::test]
async fn an_address_with_a_slash_at_its_end_leads_to_the_one_without() {
    let server = TestServer::start().await;
    for (path, to) in [
        ("/r/lobby/", "/r/lobby"),
        ("/r/lobby/?a=b&c=%2F", "/r/lobby?a=b&c=%2F"),
        ("/r/%EA%B3%B5%EC%A7%80/", "/r/%EA%B3%B5%EC%A7%80"),
        ("/rooms/", "/rooms"),
        ("/rooms/new/", "/rooms/new"),
        ("/learn/", "/learn"),
        ("/learn/rooms/", "/learn/rooms"),
        ("/html/a/", "/html/a"),
        ("/user/%2F%2Fevil.example/", "/user/%2F%2Fevil.example"),
        ("/random/", "/random"),
    ] {
        let answer = get(&server, path).await;
        assert_eq!(answer.status(), 308, "{path}");
        assert_eq!(answer.headers()[header::LOCATION], to, "{path}");
    }
}

#[tokio::test]
async fn an_address_with_a_slash_at_its_end_never_leads_to_another_host() {
    let server = TestServer::start().await;
    for target in [
        "//evil.example/",
        "//evil.example/r/lobby/",
        "///evil.example/",
        "/\\evil.example/",
        "/r//evil.example/",
        "/r/lobby//",
        "//",
        "http://evil.example/r/lobby/",
        "http://evil.example//evil.example/",
    ] {
        let mut raw = Raw::connect(&server).await;
        raw.send(format!("GET {target} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", server.host)).await;
        let answer = raw.rest().await.to_ascii_lowercase();
        assert!(answer.starts_with("http/1.1 "), "{target}: {answer}");
        let location = answer.lines().find_map(|line| line.strip_prefix("location: "));
        assert!(location.is_none_or(|to| to == "/r/lobby"), "{target} leads to {location:?}");
    }
}
