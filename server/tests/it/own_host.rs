//! By which names the server is reached: a stranger's name that points to it (DNS rebinding) gets nothing.

use reqwest::{Response, header};

use crate::support::{Actor, TestServer, Transport, cookie, location, process::Process, wire::Wire, within};

/// A browser that was told by a stranger's name server that this is the stranger's address.
const STRANGER: &str = "evil.example:3000";

/// What a browser sends that wants a page.
const PAGE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

async fn get(server: &TestServer, host: &str, path: &str) -> Response {
    let request = server.http.get(format!("{}{path}", server.url)).header(header::HOST, host);
    within(request.send()).await.expect("an answer")
}

async fn join(server: &TestServer, host: &str, origin: &str) -> Response {
    let request = server.http.post(format!("{}/join", server.url)).form(&[("name", "민수")]);
    let request = request.header(header::HOST, host).header(header::ORIGIN, origin);
    within(request.send()).await.expect("an answer")
}

async fn web_socket_status(server: &TestServer, path: &str, host: &str) -> u16 {
    Wire::status_at(&format!("ws://{}{path}", server.host), &[("host", host)]).await
}

#[tokio::test]
async fn another_name_gets_nothing_by_any_door() {
    let server = TestServer::start().await;
    let witness = server.join("지나").await;
    for path in [
        "/",
        "/r/lobby",
        "/nowhere",
        "/health",
        "/pkg/a.js",
        "/icon.svg",
        "/learn",
        "/random",
        "/socket.io/socket.io.js",
    ] {
        assert_eq!(get(&server, STRANGER, path).await.status(), 421, "{path}");
        assert_ne!(get(&server, &server.host, path).await.status(), 421, "{path}");
    }
    for path in ["/ws", "/", "/socket.io/?EIO=4&transport=websocket", "/socket.io/?EIO=3&transport=websocket"] {
        assert_eq!(web_socket_status(&server, path, STRANGER).await, 421, "{path}");
        assert_eq!(web_socket_status(&server, path, &server.host).await, 101, "{path}");
    }
    let polling = "/socket.io/?EIO=4&transport=polling";
    assert_eq!(get(&server, STRANGER, polling).await.status(), 421);
    assert_eq!(get(&server, &server.host, polling).await.status(), 200);

    // Host and Origin agree, as they do for the browser.
    let refused = join(&server, STRANGER, &format!("http://{STRANGER}")).await;
    assert_eq!((refused.status().as_u16(), cookie(&refused)), (421, None));
    assert_eq!(witness.open(witness.lobby).await.expect("a member").members.len(), 1, "nobody came");
    assert_eq!(location(&join(&server, &server.host, &server.url).await), "/r/lobby");
}

#[tokio::test]
async fn numbers_and_localhost_need_no_setting() {
    let server = TestServer::start().await;
    for host in ["127.0.0.1", "192.168.1.5:3000", "[::1]:3000", "localhost:3000", "LocalHost", "madang.localhost"] {
        assert_eq!(get(&server, host, "/health").await.status(), 200, "{host}");
    }
    for host in ["", "a b", "me@127.0.0.1"] {
        assert_eq!(get(&server, host, "/health").await.status(), 400, "{host:?}");
    }
}

#[tokio::test]
async fn a_public_address_is_a_name_and_an_origin() {
    let set = |config: &mut madang_server::config::Config| {
        config.public_url =
            ["https://chat.example.org:8443", "http://box.local"].map(|url| url.parse().expect("a URL")).into();
    };
    let server = TestServer::start_with(set).await;
    // What nginx sends with `proxy_set_header Host $http_host`, and what it sends with `$host`: without the port.
    for host in ["chat.example.org:8443", "chat.example.org"] {
        let joined = join(&server, host, "https://chat.example.org:8443").await;
        let cookie = cookie(&joined).expect("a session");
        assert_eq!(get(&server, host, "/health").await.status(), 200);
        Actor::connect(&server.url, &cookie, Transport::WebSocket).await.expect("a connection");
        server.post("/leave", &cookie, &[]).await;
    }
    assert_eq!(get(&server, "box.local:3000", "/health").await.status(), 200);
    assert_eq!(get(&server, "other.local", "/health").await.status(), 421);
    assert_eq!(join(&server, "chat.example.org", "https://evil.example").await.status(), 403);
    assert_eq!(join(&server, "chat.example.org", "https://chat.example.org:9999").await.status(), 403);
}

#[tokio::test]
async fn the_refusal_names_the_setting_in_the_reader_s_language() {
    let server = TestServer::start().await;
    let program = get(&server, STRANGER, "/").await.text().await.expect("a text");
    assert!(program.contains("--public-url http://evil.example:3000") && !program.contains('<'), "{program}");
    for (language, sentence) in
        [("en", "does not answer to the name evil.example:3000"), ("ko", "주소로는 응답하지 않습니다")]
    {
        let request = server.http.get(format!("{}/", server.url)).header(header::HOST, STRANGER);
        let request = request.header(header::ACCEPT, PAGE).header(header::ACCEPT_LANGUAGE, language);
        let page = request.send().await.expect("an answer").text().await.expect("a text");
        assert!(page.contains(sentence) && page.contains("--public-url"), "{page}");
    }
}

#[tokio::test]
async fn a_proxy_that_hides_the_port_hears_what_to_set() {
    let server = TestServer::start().await;
    // nginx on port 8080 with `proxy_set_header Host $host`.
    let refused = join(&server, "localhost", "http://localhost:8080").await;
    assert_eq!(refused.status(), 403);
    let sentence = refused.text().await.expect("a text");
    for words in ["proxy_set_header Host $http_host;", "--public-url http://localhost:8080"] {
        assert!(sentence.contains(words), "{sentence}");
    }
    assert_eq!(location(&join(&server, "localhost:8080", "http://localhost:8080").await), "/r/lobby");
}

#[tokio::test]
async fn the_operator_reads_what_to_set_and_not_more_than_that() {
    let server = Process::start(&[], &[]).await;
    let http = reqwest::Client::new();
    let ask = |path: &str, headers: [(header::HeaderName, &'static str); 2]| {
        http.post(format!("{}{path}", server.url))
            .headers(headers.into_iter().map(|(name, value)| (name, value.parse().expect("a header"))).collect())
    };
    for _ in 0..200 {
        let request = ask("/join", [(header::HOST, "mybox.local"), (header::USER_AGENT, "anything-at-all")]);
        assert_eq!(request.send().await.expect("an answer").status(), 421);
        let request = ask("/leave", [(header::HOST, "localhost"), (header::ORIGIN, "http://localhost:81")]);
        assert_eq!(request.send().await.expect("an answer").status(), 403);
        let request = ask("/leave", [(header::HOST, "localhost"), (header::ORIGIN, "http://other.example")]);
        assert_eq!(request.send().await.expect("an answer").status(), 403);
    }
    let log = server.stop().await;
    for words in
        ["mybox.local", "set --public-url", "proxy_set_header Host $http_host;", "set --allow-origin", "127.0.0.1"]
    {
        assert!(log.contains(words), "{words} in {log}");
    }
    let lines = |words: &str| log.lines().filter(|line| line.contains(words)).count();
    assert_eq!(lines("mybox.local"), 30, "{log}");
    assert_eq!(lines("differ in the port"), 30, "{log}");
    assert_eq!(lines("more lines like this one are left out"), 3, "{log}");
    assert!(!log.contains("anything-at-all"), "{log}");
}
