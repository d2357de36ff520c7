//! What `/health` says to those who watch over the server.

use std::time::Duration;

use madang_server::config::Config;
use sqlx::{Connection, Executor, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::support::{TestServer, Transport, within};

async fn health(server: &TestServer) -> (u16, String) {
    let answer = within(server.http.get(format!("{}/health", server.url)).send()).await.expect("an answer");
    let status = answer.status().as_u16();
    let text = within(answer.text()).await.expect("a text");
    (status, text.lines().next().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_server_that_can_serve_says_so_and_how_much_it_holds() {
    let server = TestServer::limited("1", |_| {}).await;
    let minsu = server.join("민수").await;
    let answer = within(server.http.get(format!("{}/health", server.url)).send()).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let text = within(answer.text()).await.expect("a text");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "ok");
    assert!(lines[1].starts_with("connections: ") && lines[1].contains(" of 3000, "), "{text}");
    assert_eq!(&lines[2..], ["sessions: 1 of 1500", "guests: 0 of 375"]);
    minsu.post(minsu.lobby, 1, "all is well").await.expect("posted");
}

#[tokio::test]
async fn a_disk_that_takes_no_writes_is_noticed_and_so_is_its_end() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let path = server.data_folder().join("madang.sqlite3");
    let mut other =
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await.expect("a file");
    assert_eq!(health(&server).await, (200, "ok".to_owned()));
    // To the committer, a file that another writes takes no writes.
    other.execute("BEGIN IMMEDIATE").await.expect("the file is free");
    minsu.post(minsu.lobby, 1, "not stored").await.expect_err("refused");
    for _ in 0..3 {
        assert_eq!(health_later(&server).await, (503, "changes cannot be stored".to_owned()));
    }
    other.execute("ROLLBACK").await.expect("it was begun");
    assert_eq!(health_later(&server).await, (200, "ok".to_owned()));
    minsu.post(minsu.lobby, 2, "stored").await.expect("posted");
}

/// As [`health`], when what was found before holds no longer.
async fn health_later(server: &TestServer) -> (u16, String) {
    server.clock.advance(Duration::from_secs(1));
    health(server).await
}

#[tokio::test]
async fn a_server_without_places_is_not_ready() {
    let few = |config: &mut Config| {
        config.connections = 4;
        config.connections_per_address = 4;
    };
    let server = TestServer::limited("1", few).await;
    let cookie = server.sign_in("민수").await;
    // Two sessions of two.
    let one = server.connect(&cookie, Transport::WebSocket).await;
    assert_eq!(health(&server).await.0, 200);
    let other = server.connect(&cookie, Transport::WebSocket).await;
    // What was found holds for a second.
    assert_eq!(health(&server).await.0, 200);
    assert_eq!(health_later(&server).await, (503, "there is no place for another session".to_owned()));
    other.go().await;
    one.go().await;
    within(async { while health_later(&server).await.0 != 200 {} }).await;
}
