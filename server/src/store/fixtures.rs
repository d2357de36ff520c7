//! A database that many people have used for long, and what SQLite does to answer from it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use madang_common::id::{RoomId, UserId};
use sqlx::{SqliteConnection, pool::PoolConnection};
use tokio_util::task::AbortOnDropHandle;

use super::{READERS, Store};

/// How much there is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crowd {
    /// Who joined the lobby and never came back. The first were last seen the longest ago.
    pub(crate) people: i64,
    /// Rooms, each with a few of them.
    pub(crate) rooms: i64,
    /// Messages in the lobby, every other one a notice.
    pub(crate) in_lobby: i64,
    /// Messages in each of the first 200 of the rooms.
    pub(crate) in_room: i64,
}

/// Fills an empty database.
pub(crate) async fn fill(conn: &mut SqliteConnection, crowd: Crowd) {
    let Crowd { people, rooms, in_lobby, in_room } = crowd;
    for (sql, count) in [
        (
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
             INSERT INTO users (id, name, name_fold, holds_name, created_at, seen_at) \
             SELECT i, 'person ' || i, 'person' || i, TRUE, i, i FROM n",
            people,
        ),
        (
            "INSERT INTO sessions (token_hash, user_id, created_at) \
             SELECT randomblob(32), id, id FROM users WHERE id <= $1",
            people,
        ),
        (
            "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i <= $1) \
             INSERT INTO rooms (id, slug, name, topic, rev, seq, created_at) \
             SELECT i, 'room-' || i, 'room ' || i, '', 0, 0, i FROM n",
            rooms,
        ),
        (
            "INSERT INTO members (room_id, user_id, read_seq, joined_at) \
             SELECT 1, id, 0, id FROM users UNION ALL SELECT 2 + id % $1, id, 0, id FROM users",
            rooms,
        ),
        // Hundreds who were all last seen before anybody else.
        (
            "INSERT OR IGNORE INTO members (room_id, user_id, read_seq, joined_at) \
             SELECT 2, id, 0, id FROM users WHERE id <= $1",
            400,
        ),
        (
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
             INSERT INTO messages (room_id, seq, rev, author_id, author_name, client_id, kind, text, sent_at) \
             SELECT 1, i, i, 1 + i % 500, 'person', randomblob(16), \
               CASE i % 2 WHEN 0 THEN 'text' ELSE 'joined' END, CASE i % 2 WHEN 0 THEN 'a few words' END, i FROM n",
            in_lobby,
        ),
        (
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
             INSERT INTO messages (room_id, seq, rev, author_id, author_name, client_id, kind, text, sent_at) \
             SELECT r.id, i, i, 1 + i % 500, 'person', randomblob(16), 'text', 'a few words', i \
             FROM rooms r, n WHERE r.id BETWEEN 2 AND 201",
            in_room,
        ),
        (
            "UPDATE rooms SET seq = (SELECT COUNT(*) FROM messages m WHERE m.room_id = rooms.id), \
               rev = (SELECT COUNT(*) FROM messages m WHERE m.room_id = rooms.id) WHERE $1 > 0",
            rooms,
        ),
    ] {
        sqlx::query(sql).bind(count).execute(&mut *conn).await.expect("a fixture's statement");
    }
}

/// Makes a person a member of the first rooms after the lobby, up to so many in all. They have read nothing anywhere.
pub(crate) async fn join_many(conn: &mut SqliteConnection, user: UserId, rooms: usize) {
    for sql in [
        "INSERT OR IGNORE INTO members (room_id, user_id, read_seq, joined_at) \
         SELECT id, $1, 0, 0 FROM rooms ORDER BY id LIMIT $2",
        "UPDATE members SET read_seq = 0 WHERE user_id = $1 AND $2 > 0",
    ] {
        let rooms = i64::try_from(rooms).expect("a number of rooms");
        sqlx::query(sql).bind(user.0).bind(rooms).execute(&mut *conn).await.expect("a fixture's statement");
    }
}

/// Who is in a room without a session.
pub(crate) async fn members_without_session(conn: &mut SqliteConnection) -> Vec<(UserId, RoomId)> {
    let sql = "SELECT user_id, room_id FROM members WHERE user_id NOT IN (SELECT user_id FROM sessions)";
    let found: Vec<(i64, i64)> = sqlx::query_as(sql).fetch_all(conn).await.expect("members");
    found.into_iter().map(|(user, room)| (UserId(user), RoomId(room))).collect()
}

/// How many rows a table has.
pub(crate) async fn rows_in(conn: &mut SqliteConnection, table: &'static str) -> i64 {
    let sql = match table {
        "users" => "SELECT COUNT(*) FROM users",
        "sessions" => "SELECT COUNT(*) FROM sessions",
        "joins" => "SELECT COUNT(*) FROM joins",
        _ => "SELECT COUNT(*) FROM members",
    };
    sqlx::query_scalar(sql).fetch_one(conn).await.expect("a number")
}

/// Counts the steps of SQLite's virtual machine, a look at a row being some of them. It has no notion of time.
#[derive(Clone, Default)]
pub(crate) struct Steps(Arc<AtomicU64>);

impl Steps {
    /// Counts what is done on a connection from now on.
    pub(crate) async fn count(&self, conn: &mut SqliteConnection) {
        let steps = self.0.clone();
        let mut handle = conn.lock_handle().await.expect("the connection");
        handle.set_progress_handler(1, move || {
            steps.fetch_add(1, Ordering::SeqCst);
            true
        });
    }

    /// Counts what is done by those that read from now on.
    pub(crate) async fn count_readers(&self, store: &Store) {
        let mut readers: Vec<PoolConnection<_>> = Vec::new();
        for _ in 0..READERS {
            readers.push(store.readers.acquire().await.expect("a reader"));
        }
        for reader in &mut readers {
            self.count(reader).await;
        }
    }

    /// What has been counted since this was last asked.
    pub(crate) fn take(&self) -> u64 {
        self.0.swap(0, Ordering::SeqCst)
    }
}

/// Reads all the time, each reader overlapping the others, until it is dropped.
pub(crate) fn always_read(store: &Store) -> Vec<AbortOnDropHandle<()>> {
    let read = async |store: Store| loop {
        let mut read = store.read().await.expect("a reader");
        for _ in 0..20 {
            let rooms: i64 =
                sqlx::query_scalar("SELECT COUNT(*) FROM rooms").fetch_one(&mut *read).await.expect("a number");
            assert!(rooms > 0);
        }
    };
    (0..2 * READERS).map(|_| AbortOnDropHandle::new(tokio::spawn(read(store.clone())))).collect()
}
