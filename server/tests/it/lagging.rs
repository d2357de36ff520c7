//! A connection that cannot keep up catches up later, and slows nobody.

use madang_common::id::Rev;

use crate::support::{TestServer, client_id, polling::Polling};

#[tokio::test]
async fn a_full_connection_learns_what_it_missed_and_slows_nobody() {
    let server = TestServer::start_with(|config| config.socket_buffer = 16).await;
    let sleeper_cookie = server.sign_in("잠든 이").await;
    let sleeper = Polling::join(&server, &sleeper_cookie).await;
    let mut awake = server.join("민수").await;
    let lobby = awake.lobby;

    // Nobody polls for the sleeper meanwhile; its sixteen packets are soon full.
    let mut last = None;
    for number in 0..60 {
        let message = awake.post_as(lobby, client_id(number), "text").await.expect("posted");
        last = Some(message);
    }
    let last = last.expect("posts");
    while awake.next_change(lobby).await != last {}

    let mut heard = String::new();
    let latest = format!("\"rev\":{}", last.rev);
    while !heard.contains(&latest) {
        heard = sleeper.poll().await;
    }
    // What came last tells that there is a gap; the rest is fetched.
    let sync = serde_json::json!({"room": lobby, "since": Rev(2)});
    assert_eq!(sleeper.send(format!("42/chat,1[\"room.sync\",{sync}]")).await.status(), 200);
    let mut answer = sleeper.poll().await;
    while !answer.contains("43/chat,1") {
        answer = sleeper.poll().await;
    }
    assert!(answer.contains(&latest));

    let live = awake.post_as(lobby, client_id(100), "live again").await.expect("posted");
    while !heard.contains(&format!("\"rev\":{}", live.rev)) {
        heard = sleeper.poll().await;
    }
}
