//! What is sent twice is stored once.

use madang_common::event::room::Changes;

use crate::support::{TestServer, Transport, client_id, said};

#[tokio::test]
async fn a_repeated_client_id_answers_with_the_first_message() {
    let server = TestServer::start().await;
    let mut minsu = server.join("민수").await;
    let lobby = minsu.lobby;
    let other_room = minsu.create_room("garden").await.room.id;
    let first = minsu.post(lobby, 1, "once").await.expect("posted");
    drop(minsu.all_until_now::<Changes>().await);

    assert_eq!(minsu.post(lobby, 1, "once").await.as_ref(), Ok(&first));
    assert_eq!(minsu.post(lobby, 1, "another text").await.as_ref(), Ok(&first));
    assert_eq!(minsu.post(other_room, 1, "another room").await.as_ref(), Ok(&first));
    assert_eq!(minsu.all_until_now::<Changes>().await, [], "nothing is told twice");

    let edited = minsu.edit(first.id, "changed").await.expect("edited");
    assert_eq!(minsu.post(lobby, 1, "once").await, Ok(edited), "the message as it is now");
    assert_eq!(minsu.open(lobby).await.expect("a member").messages.len(), 2, "the notice and the message");
}

#[tokio::test]
async fn two_people_may_use_one_client_id() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let jina = server.join("지나").await;
    let one = minsu.post(minsu.lobby, 1, "mine").await.expect("posted");
    let other = jina.post(jina.lobby, 1, "hers").await.expect("posted");
    assert_ne!(one.id, other.id);
    assert_eq!(said(&other), "hers");
}

#[tokio::test]
async fn two_tabs_that_send_the_same_at_once_store_it_once() {
    let server = TestServer::start().await;
    let tab = server.join("민수").await;
    let other_tab = server.connect(&tab.cookie, Transport::WebSocket).await;
    for number in 0..50 {
        let id = client_id(number);
        let (one, other) = tokio::join!(tab.post_as(tab.lobby, id, "once"), other_tab.post_as(tab.lobby, id, "once"));
        assert_eq!(one.expect("posted"), other.expect("posted"));
    }
    let rev = tab.sync(tab.lobby, Default::default()).await.expect("a member").rev;
    assert_eq!(rev.0, 51, "the notice and 50 messages");
}

#[tokio::test]
async fn it_is_remembered_after_a_restart() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let first = minsu.post(minsu.lobby, 1, "once").await.expect("posted");
    let cookie = minsu.cookie.clone();
    let server = server.restart().await;
    let minsu = server.connect(&cookie, Transport::WebSocket).await;
    assert_eq!(minsu.post(minsu.lobby, 1, "once").await, Ok(first));
}
