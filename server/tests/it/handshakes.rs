//! Requests that are wrong before anything is asked for: no host, or no opening handshake of a WebSocket.

use crate::support::{TestServer, plain::Plain, raw::Raw, wire::Wire};

const KEY: &str = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==";
const RIGHT: [&str; 5] =
    ["host: localhost", "connection: keep-alive, Upgrade", "upgrade: WebSocket", "sec-websocket-version: 13", KEY];

const WEB_SOCKETS: [&str; 5] = [
    "/socket.io/?EIO=3&transport=websocket",
    "/socket.io/?EIO=4&transport=websocket",
    // The Socket.IO server passes over what follows the second `=`.
    "/socket.io/?EIO=4&transport=websocket=",
    "/ws",
    "/",
];

async fn status(server: &TestServer, line: &str, headers: &[&str]) -> String {
    let mut raw = Raw::connect(server).await;
    raw.send(format!("{line}\r\n{}\r\n\r\n", headers.join("\r\n"))).await;
    let answer = raw.some().await;
    answer.split(' ').nth(1).unwrap_or_default().to_owned()
}

/// The right headers, the one that begins like `name` replaced.
fn with(name: &str, other: &[&'static str]) -> Vec<&'static str> {
    assert!(RIGHT.iter().any(|header| header.starts_with(name)), "{name}");
    RIGHT.iter().copied().filter(|header| !header.starts_with(name)).chain(other.iter().copied()).collect()
}

#[tokio::test]
async fn a_web_socket_is_opened_by_a_whole_handshake_only() {
    let server = TestServer::start().await;
    for path in WEB_SOCKETS {
        let get = format!("GET {path} HTTP/1.1");
        assert_eq!(status(&server, &get, &RIGHT).await, "101", "{path}");
        for wrong in [
            with("connection", &[]),
            with("connection", &["connection: keep-alive"]),
            with("sec-websocket-version", &[]),
            with("sec-websocket-version", &["sec-websocket-version: 8"]),
            with("sec-websocket-version", &["sec-websocket-version: 13", "sec-websocket-version: 13"]),
            with("sec-websocket-key", &[]),
            with("sec-websocket-key", &["sec-websocket-key: x"]),
            with("sec-websocket-key", &["sec-websocket-key: dGhlIHNhbXBsZSBub25jZSE="]),
            with("sec-websocket-key", &[KEY, KEY]),
        ] {
            assert_eq!(status(&server, &get, &wrong).await, "400", "{path}: {wrong:?}");
        }
        assert_eq!(status(&server, &format!("GET {path} HTTP/1.0"), &RIGHT).await, "400", "{path}");
        // Where there is a page as well, it is not meant for a WebSocket without this.
        let without = status(&server, &get, &with("upgrade", &[])).await;
        assert_eq!(without == "400", path != "/", "{path}: {without}");
    }
    assert_eq!(status(&server, "POST /ws HTTP/1.1", &RIGHT).await, "400");
}

#[tokio::test]
async fn every_request_names_one_host() {
    let server = TestServer::start().await;
    for path in ["/health", "/socket.io/?EIO=4&transport=polling", "/socket.io/socket.io.js", "/nowhere"] {
        let get = format!("GET {path} HTTP/1.1");
        let right = status(&server, &get, &["host: localhost"]).await;
        assert_ne!(right, "400", "{path}");
        for wrong in [
            &[][..],
            &["host: localhost", "host: localhost"],
            &["host: localhost", "host: 127.0.0.1"],
            &["host:"],
            &["host: user@x"],
            &["host: x/y"],
            &["host: x y"],
            &["host: x:99999"],
            &["host: [::1"],
        ] {
            assert_eq!(status(&server, &get, wrong).await, "400", "{path}: {wrong:?}");
        }
        // A watcher that speaks HTTP/1.0 says none.
        assert_eq!(status(&server, &format!("GET {path} HTTP/1.0"), &[]).await, right, "{path}");
    }
}

#[tokio::test]
async fn the_handshakes_of_clients_are_whole() {
    let server = TestServer::start().await;
    let cookie = server.sign_in("민수").await;
    Wire::join(&server, &cookie).await;
    Wire::open_by(&server, 3, &[]).await.expect("a WebSocket");
    Plain::text(&server).await;
    Plain::json(&server, &cookie).await.ask("session.hello", serde_json::json!({})).await;
}
