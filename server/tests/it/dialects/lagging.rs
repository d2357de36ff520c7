//! A client of a dialect that cannot keep up: no dialect can catch up, so it begins anew.

use serde_json::json;

use super::heard;
use crate::support::{Guest, TestServer, polling::Polling};

#[tokio::test]
async fn a_full_connection_is_cut_and_slows_nobody() {
    let server = TestServer::start_with(|config| config.socket_buffer = 16).await;
    // Nobody polls for the sleeper; its sixteen packets are soon full.
    let sleeper = Polling::open(&server, "", "40").await;
    let mut awake = Guest::connect(&server).await;
    awake.say("some event", json!({})).await;
    awake.all_until_now().await;
    for number in 0..60 {
        awake.say("chat message", json!(number.to_string())).await;
        assert_eq!(awake.all_until_now().await, [heard("chat message", json!(number.to_string()))]);
    }
    // The session ends as if the line had broken: after a farewell (41) no client would come back by itself.
    while let Some(packets) = sleeper.poll_if_open().await {
        assert!(!packets.split('\u{1e}').any(|packet| packet == "41"), "{packets}");
    }
    awake.say("chat message", json!("the others go on")).await;
}

#[tokio::test]
async fn a_connection_for_which_too_much_waits_is_cut_and_one_that_takes_it_in_is_not() {
    let server = TestServer::start().await;
    let sleeper = Polling::open(&server, "", "40").await;
    let reader = Polling::open(&server, "", "40").await;
    let mut awake = Guest::connect(&server).await;
    // Sooner than there are too many packets.
    let padding = "x".repeat(60_000);
    for number in 0..30 {
        awake.say("my event", json!({ "number": number, "padding": padding })).await;
        let heard = format!("\"number\":{number},");
        while !reader.poll_if_open().await.expect("it is open").contains(&heard) {}
    }
    let received = awake.all_until_now().await.into_iter().filter(|(name, _)| name == "my response").count();
    assert_eq!(received, 30, "and neither is one on a WebSocket");
    let mut waited = 0;
    while let Some(packets) = sleeper.poll_if_open().await {
        waited += packets.len();
        assert!(waited < 1_200_000, "no more than 1 MiB waits");
    }
}
