//! Pages for clients that read slowly.

use std::time::Duration;

use reqwest::header;

use crate::support::{TestServer, location, raw::Raw, within};

/// As many rooms as one page lists.
async fn make_rooms(server: &TestServer, cookie: &str) {
    for number in 0..100 {
        let answer = server.post("/rooms", cookie, &[("name", &format!("{}{number}", "방".repeat(36)))]).await;
        assert!(location(&answer).starts_with("/r/"));
    }
}

async fn connections(server: &TestServer) -> usize {
    server.held().await.0
}

#[tokio::test]
async fn who_takes_a_page_in_drop_by_drop_is_cut_off() {
    let server = TestServer::start_with(|config| {
        config.deadlines.page = Duration::from_millis(500);
        config.deadlines.page_rate = 4 << 20;
    })
    .await;
    let cookie = server.sign_in("민수").await;
    make_rooms(&server, &cookie).await;
    let request = format!("GET /rooms HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\n\r\n", server.host);

    let page = server.http.get(format!("{}/rooms", server.url)).header(header::COOKIE, &cookie);
    let page = within(within(page.send()).await.expect("an answer").bytes()).await.expect("all of it");
    assert!(page.len() > 25_000, "{}", page.len());

    let before = connections(&server).await;
    let mut raw = Raw::connect_narrow(&server).await;
    // More than systems keep for a connection by themselves.
    raw.send(request.repeat(40)).await;
    assert!(raw.bytes(512).await.starts_with(b"HTTP/1.1 200 "));
    assert_eq!(connections(&server).await, before + 1, "it stands");
    let sipping = tokio::spawn(raw.sip());
    // There is always something that it has just taken in, so nothing else ends it.
    within(async { while connections(&server).await > before {} }).await;
    sipping.abort();
}
