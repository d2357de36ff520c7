//! What a migration makes of what was stored before it.

use madang_common::{
    id::{Rev, RoomId},
    text::UserName,
};
use sqlx::{Connection, Executor, SqliteConnection};

use super::{messages, rooms};

/// A database as the first three migrations leave it, with `stored` in it, brought up to the fourth.
async fn upgraded(stored: &'static str) -> SqliteConnection {
    let mut conn = SqliteConnection::connect("sqlite::memory:").await.expect("a database");
    for sql in [
        include_str!("migrations/0001_people_rooms_messages.sql"),
        include_str!("migrations/0002_guests_from_outside.sql"),
        include_str!("migrations/0003_who_was_last_seen.sql"),
        stored,
        include_str!("migrations/0004_bounded_work.sql"),
    ] {
        conn.execute(sql).await.expect("statements that can be run");
    }
    conn
}

#[tokio::test]
async fn messages_get_the_name_that_their_author_has_and_rooms_are_counted() {
    let mut conn = upgraded(
        "INSERT INTO users (id, name, name_fold, holds_name, created_at, seen_at) VALUES (1, '민수', '민수', TRUE, 0, 0); \
         INSERT INTO rooms (slug, name, topic, rev, seq, created_at) VALUES ('a', 'a', '', 0, 0, 0); \
         INSERT INTO messages (room_id, seq, rev, author_id, client_id, kind, text, sent_at) \
           VALUES (1, 1, 1, 1, x'00112233445566778899aabbccddeeff', 'text', 'hello', 0);",
    )
    .await;
    let page = messages::since(&mut conn, RoomId(1), Rev(0), 10).await.expect("a page");
    let names: Vec<UserName> = page.messages.into_iter().map(|message| message.author.name).collect();
    assert_eq!(names, [UserName::parse("민수").expect("a name")]);

    assert_eq!(rooms::count(&mut conn).await.expect("a number"), 2);
    conn.execute("INSERT INTO rooms (slug, name, topic, rev, seq, created_at) VALUES ('b', 'b', '', 0, 0, 0)")
        .await
        .expect("a room");
    assert_eq!(rooms::count(&mut conn).await.expect("a number"), 3);
    conn.execute("DELETE FROM rooms WHERE slug <> 'lobby'").await.expect("no room is left but the lobby");
    assert_eq!(rooms::count(&mut conn).await.expect("a number"), 1);
}
