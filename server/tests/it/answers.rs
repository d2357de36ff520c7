//! What every answer tells the browser.

use reqwest::{Method, Response, header};

use crate::support::{TestServer, raw::Raw, within};

async fn ask(server: &TestServer, method: Method, path: &str) -> Response {
    let request = server.http.request(method, format!("{}{path}", server.url));
    within(request.send()).await.expect("an answer")
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).unwrap_or_else(|| panic!("{name} of {}", answer.url())).to_str().expect("ASCII")
}

/// An answer of each kind: pages, files, forms, errors, and those of the Socket.IO server.
const KINDS: [(Method, &str, &[u16]); 16] = [
    // Without a built UI a page is a sentence that says so.
    (Method::GET, "/", &[200, 503]),
    (Method::GET, "/learn", &[200, 503]),
    (Method::GET, "/r/lobby", &[303]),
    (Method::GET, "/r/lobby/", &[308]),
    (Method::GET, "/html/a", &[200]),
    (Method::GET, "/user/%FF", &[400]),
    (Method::GET, "/notes/quick_chat.js", &[200]),
    (Method::GET, "/nowhere", &[404]),
    (Method::GET, "/pkg/nope", &[404]),
    (Method::GET, "/health", &[200]),
    (Method::GET, "/join", &[405]),
    (Method::POST, "/join", &[415]),
    (Method::GET, "/socket.io/socket.io.js", &[200, 404]),
    (Method::GET, "/socket.io/?EIO=4&transport=polling", &[200]),
    (Method::GET, "/socket.io/?EIO=9&transport=polling", &[400]),
    (Method::POST, "/socket.io/?EIO=4&transport=polling&sid=x", &[400]),
];

#[tokio::test]
async fn every_answer_is_taken_for_what_it_is_and_framed_by_nobody() {
    let server = TestServer::start().await;
    for (method, path, statuses) in KINDS {
        let answer = ask(&server, method.clone(), path).await;
        assert!(statuses.contains(&answer.status().as_u16()), "{method} {path}: {}", answer.status());
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
        assert_eq!(header(&answer, "referrer-policy"), "same-origin");
        assert_eq!(header(&answer, "cross-origin-opener-policy"), "same-origin");
        let policy = header(&answer, "content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(policy.starts_with("default-src 'none';") || policy.starts_with("default-src 'self';"), "{policy}");
        assert_eq!(answer.headers().get_all("content-security-policy").iter().count(), 1, "{path}");
        assert!(!answer.headers().contains_key(header::STRICT_TRANSPORT_SECURITY), "{path}");
    }
}

#[tokio::test]
async fn behind_https_browsers_are_told_to_stay_there() {
    let server = TestServer::start_with(|config| config.secure_cookies = true).await;
    for path in ["/html/a", "/nowhere", "/health", "/socket.io/?EIO=4&transport=polling"] {
        let answer = ask(&server, Method::GET, path).await;
        assert_eq!(header(&answer, "strict-transport-security"), "max-age=31536000", "{path}");
    }
}

#[tokio::test]
async fn a_page_talks_to_its_own_host_alone() {
    let server = TestServer::start().await;
    let policy = async |host: &str| {
        let mut raw = Raw::connect(&server).await;
        raw.send(format!("GET /html/a HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")).await;
        let answer = raw.rest().await;
        let policy = answer.lines().find_map(|line| line.strip_prefix("content-security-policy: "));
        policy.unwrap_or_default().to_owned()
    };
    let own = policy(&server.host).await;
    assert!(own.contains(&format!("connect-src 'self' ws://{0} wss://{0};", server.host)), "{own}");
    // What a client writes there says nothing else.
    for host in ["a; script-src *", "*", "a;"] {
        let other = policy(host).await;
        assert!(!other.contains("script-src *") && !other.contains("ws://"), "{host}: {other}");
    }
}

#[tokio::test]
async fn who_is_refused_is_told_the_same() {
    let server = TestServer::limited("0.01", |_| {}).await;
    let refused = loop {
        let answer = ask(&server, Method::GET, "/nowhere").await;
        if answer.status() == 429 {
            break answer;
        }
        assert_eq!(answer.status(), 404);
    };
    assert_eq!(header(&refused, "x-content-type-options"), "nosniff");
    let foreign = server.http.post(format!("{}/join", server.url)).header(header::ORIGIN, "https://evil.example");
    let foreign = within(foreign.send()).await.expect("an answer");
    assert_eq!(foreign.status(), 403);
    assert_eq!(header(&foreign, "x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn the_list_of_all_rooms_is_compressed_for_who_takes_that() {
    let server = TestServer::start().await;
    let cookie = server.sign_in("민수").await;
    // Enough of them that it is worth it.
    for number in 0..10 {
        let answer = server.post("/rooms", &cookie, &[("name", &format!("Room {number}"))]).await;
        assert_eq!(answer.status(), 303);
    }
    let list = async |encoding: &str| {
        let request = server.http.get(format!("{}/rooms", server.url)).header(header::COOKIE, &cookie);
        within(request.header(header::ACCEPT_ENCODING, encoding).send()).await.expect("an answer")
    };
    let plain = list("identity").await;
    assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
    let gzip = list("gzip").await;
    assert_eq!(self::header(&gzip, "content-encoding"), "gzip");
    assert_eq!(self::header(&gzip, "vary"), "accept-encoding");
    let (plain, gzip) = (plain.bytes().await.expect("a body"), gzip.bytes().await.expect("a body"));
    assert!(plain.starts_with(b"<!DOCTYPE html>") && gzip.len() < plain.len());
}
