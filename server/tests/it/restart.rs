//! A restart loses nothing.

use madang_common::{id::Rev, message::Body};

use crate::support::{TestServer, Transport, said};

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let jina = server.join("지나").await;
    let garden = minsu.create_room("정원").await.room;
    jina.join_room(garden.id).await.expect("joined");
    let kept = minsu.post(garden.id, 1, "남는 말").await.expect("posted");
    let edited = minsu.post(garden.id, 2, "before").await.expect("posted");
    let edited = minsu.edit(edited.id, "after").await.expect("edited");
    let deleted = minsu.post(garden.id, 3, "gone").await.expect("posted");
    let deleted = minsu.delete(deleted.id).await.expect("deleted");
    let before = minsu.open(garden.id).await.expect("a member");
    let (minsu_cookie, jina_cookie) = (minsu.cookie.clone(), jina.cookie.clone());

    let server = server.restart().await;
    let mut jina = server.connect(&jina_cookie, Transport::WebSocket).await;
    let minsu_again = server.connect(&minsu_cookie, Transport::WebSocket).await;
    assert_eq!(minsu_again.me, minsu.me);
    let after = minsu_again.open(garden.id).await.expect("still a member");
    assert_eq!((after.room, after.membership, after.messages), (before.room, before.membership, before.messages));
    assert_eq!(after.members.len(), 2);

    let page = jina.open(garden.id).await.expect("still a member");
    assert_eq!(page.membership.unread, 2, "what she had not read, without the tombstone");
    assert_eq!(page.messages[2..], [kept, edited, deleted.clone()]);

    let next = minsu_again.post(garden.id, 4, "goes on").await.expect("posted");
    assert_eq!(next.rev, Rev(deleted.rev.0 + 1), "the revision goes on");
    assert_eq!(jina.next_change(garden.id).await, next);
}

#[tokio::test]
async fn a_deleted_text_is_gone_from_the_database() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    // So long that it fills pages of its own, which are set free with it.
    let long = "a-text-like-no-other ".repeat(150);
    let message = minsu.post(minsu.lobby, 1, &long).await.expect("posted");
    assert_eq!(said(&message), long.trim_end());
    minsu.delete(message.id).await.expect("deleted");
    let page = minsu.open(minsu.lobby).await.expect("a member");
    assert_eq!(page.messages.last().map(|message| &message.body), Some(&Body::Deleted));
    minsu.go().await;

    // Closing the last connection takes the write-ahead log into the database.
    let server = server.restart().await;
    let database = std::fs::read(server.data_folder().join("madang.sqlite3")).expect("the database");
    let text = b"a-text-like-no-other";
    assert!(!database.windows(text.len()).any(|bytes| bytes == text));
}
