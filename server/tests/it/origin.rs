//! Foreign pages get nothing.

use crate::support::{TestServer, wire::Wire};

const FOREIGN: [&str; 3] = ["http://evil.example", "null", "http://127.0.0.1:1"];

async fn post_status(server: &TestServer, origin: Option<&str>) -> u16 {
    let mut request = server.http.post(format!("{}/settings", server.url)).form(&[("lang", "ko")]);
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    request.send().await.expect("an answer").status().as_u16()
}

async fn polling_status(server: &TestServer, origin: Option<&str>) -> u16 {
    let mut request = server.http.get(format!("{}/socket.io/?EIO=4&transport=polling", server.url));
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    request.send().await.expect("an answer").status().as_u16()
}

async fn web_socket_status(server: &TestServer, origin: Option<&str>) -> u16 {
    let headers: Vec<(&'static str, &str)> = origin.map(|origin| ("origin", origin)).into_iter().collect();
    let address = format!("ws://{}/socket.io/?EIO=4&transport=websocket", server.host);
    Wire::status_at(&address, &headers).await
}

#[tokio::test]
async fn foreign_origins_are_refused_everywhere() {
    let server = TestServer::start().await;
    for origin in FOREIGN {
        assert_eq!(post_status(&server, Some(origin)).await, 403, "{origin}");
        assert_eq!(polling_status(&server, Some(origin)).await, 403, "{origin}");
        assert_eq!(web_socket_status(&server, Some(origin)).await, 403, "{origin}");
    }
}

#[tokio::test]
async fn own_pages_and_programs_are_let_in() {
    let server = TestServer::start().await;
    for origin in [None, Some(server.url.as_str())] {
        assert_eq!(post_status(&server, origin).await, 303);
        assert_eq!(polling_status(&server, origin).await, 200);
        assert_eq!(web_socket_status(&server, origin).await, 101);
    }
}

#[tokio::test]
async fn listed_origins_are_let_in() {
    let list = |config: &mut madang_server::config::Config| {
        config.allow_origin = vec!["https://friend.example".parse().expect("an origin")];
    };
    let server = TestServer::start_with(list).await;
    let friend = Some("https://friend.example");
    assert_eq!(post_status(&server, friend).await, 303);
    assert_eq!(polling_status(&server, friend).await, 200);
    assert_eq!(web_socket_status(&server, friend).await, 101);
    assert_eq!(post_status(&server, Some("http://friend.example")).await, 403);
}

#[tokio::test]
async fn reading_is_harmless() {
    let server = TestServer::start().await;
    let request = server.http.get(format!("{}/health", server.url)).header("origin", FOREIGN[0]);
    assert_eq!(request.send().await.expect("an answer").status(), 200);
}
