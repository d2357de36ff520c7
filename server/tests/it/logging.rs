//! What stands in the log, and how much of it a stranger can cause.

use tokio_tungstenite::tungstenite::Message;

use crate::support::{process::Process, wire::Wire};

/// In all that is sent here: texts, names, headers and addresses of pages.
const WORDS: &str = "anything-at-all-안녕";

/// Sends what strangers send, of every kind, and waits until the server has taken it in.
async fn talk(server: &Process) {
    let long = format!("{WORDS} {}", "long ".repeat(10_000));
    for _ in 0..10 {
        let mut plain = Wire::open_at(&format!("ws://{}/ws", server.host), &[("user-agent", "anything-at-all")])
            .await
            .expect("a WebSocket");
        for text in [WORDS, &long, &long, &format!("{WORDS}\nFAKE LINE"), &long] {
            plain.send(text).await;
        }
        // Its close is answered in its turn.
        plain.send_message(Message::Close(None)).await;
        while plain.next().await.is_some() {}
    }
    let address = format!("ws://{}/socket.io/?EIO=4&transport=websocket&{WORDS}=1", server.host);
    let mut guest = Wire::open_at(&address, &[]).await.expect("a WebSocket");
    guest.send("40").await;
    guest.next_like("40{").await;
    for (number, event) in [
        format!(r#"["login",{{"name":"{WORDS}","userid":"{WORDS}"}}]"#),
        format!(r#"["chat",{{"msg":"{WORDS} {long}"}}]"#),
        format!(r#"["chat",{{"msg":"{WORDS}"}}]"#),
        format!(r#"["my event",{{"user_name":"{WORDS}","message":"{WORDS}"}}]"#),
        format!(r#"["{WORDS}"]"#),
        r#"["forceDisconnect"]"#.to_owned(),
    ]
    .iter()
    .enumerate()
    {
        guest.send(&format!("42{number}{event}")).await;
    }
    guest.next_like("41").await;

    let http = reqwest::Client::new();
    for request in [
        http.get(format!("{}/{WORDS}?{WORDS}", server.url)),
        http.get(format!("{}/pkg/{WORDS}.js", server.url)),
        http.post(format!("{}/join", server.url)).form(&[("name", WORDS), ("next", "/anything-at-all")]),
        http.post(format!("{}/{WORDS}", server.url)).body(long.clone()),
        http.post(format!("{}/socket.io/?EIO=4&transport=polling&sid={WORDS}", server.url)).body(WORDS),
    ] {
        let request =
            request.header("user-agent", "anything-at-all").header("cookie", "madang_session=anything-at-all");
        request.send().await.expect("an answer");
    }
}

#[tokio::test]
async fn what_strangers_send_is_in_no_log_and_fills_none() {
    for dialects in ["on", "read-only"] {
        let server = Process::start(&["--dialects", dialects], &[]).await;
        talk(&server).await;
        let log = server.stop().await;
        assert!(!log.contains("anything-at-all"), "{log}");
        assert!(log.len() < 1_000, "{log}");
    }
}

#[tokio::test]
async fn who_looks_closely_reads_lengths_and_addresses_but_no_words() {
    let server = Process::start(&["--log", "madang_server=trace"], &[]).await;
    talk(&server).await;
    let log = server.stop().await;
    for line in [
        format!("Received socket=1 bytes={}", WORDS.len()),
        "message socket=".to_owned(),
        format!("dialect=\"node-rooms\" bytes={}", WORDS.len()),
        "a user connected".to_owned(),
        "address=\"127.0.0.1\"".to_owned(),
    ] {
        assert!(log.contains(&line), "{line} in {log}");
    }
    assert!(!log.contains("anything-at-all") && !log.contains("FAKE"), "{log}");
    assert!(!log.contains('\u{1b}'), "no colours in a file");
}
