//! A disk that is nearly full: nothing new is stored, all else goes on, and it ends by itself.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use madang_common::fault::FaultCode;
use madang_server::disk::{Gauge, Reserve, Space};
use serde_json::json;
use tokio::time::{Duration, sleep};

use crate::support::{Guest, TestServer, within};

const RESERVE: u64 = 1 << 20;

/// A server whose disk has as much free space as the number says.
async fn server() -> (TestServer, Arc<AtomicU64>) {
    let free = Arc::new(AtomicU64::new(10 * RESERVE));
    let told = free.clone();
    let server = TestServer::start_with(move |config| {
        config.disk_reserve = Reserve::Bytes(RESERVE);
        config.gauge = Gauge::new(move |_| Ok(Space { free: told.load(Ordering::SeqCst), total: 100 * RESERVE }));
    })
    .await;
    (server, free)
}

#[tokio::test]
async fn nothing_new_is_stored_and_all_else_goes_on() {
    let (server, free) = server().await;
    let minsu = server.join("민수").await;
    let jina = server.join("지나").await;
    let garden = minsu.create_room("정원").await.room;
    let kept = minsu.post(garden.id, 1, "kept").await.expect("there is space");
    let guest = Guest::connect(&server).await;

    free.store(RESERVE - 1, Ordering::SeqCst);
    let mut number = 2;
    // Until the server has looked.
    let fault = within(async {
        loop {
            match minsu.post(garden.id, number, "more").await {
                Ok(_) => number += 1,
                Err(fault) => break fault,
            }
            sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    assert_eq!(fault.code, FaultCode::Unavailable);
    assert!(fault.message.contains("disk"), "{fault:?}");
    let refused = |outcome: FaultCode| assert_eq!(outcome, FaultCode::Unavailable);
    refused(minsu.edit(kept.id, "longer").await.expect_err("no space").code);
    refused(jina.join_room(garden.id).await.expect_err("no space").code);
    assert_eq!(guest.refused("chat message", json!("from outside")).await, "unavailable");
    assert_eq!(server.post("/join", "", &[("name", "보라")]).await.status(), 503);

    minsu.delete(kept.id).await.expect("deleting frees space");
    let page = minsu.open(garden.id).await.expect("reading goes on");
    assert_eq!(page.messages.len(), usize::from(number));
    server.connect(&minsu.cookie, crate::support::Transport::WebSocket).await;

    free.store(10 * RESERVE, Ordering::SeqCst);
    within(async {
        while minsu.post(garden.id, number, "again").await.is_err() {
            sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    jina.join_room(garden.id).await.expect("there is space");
}
