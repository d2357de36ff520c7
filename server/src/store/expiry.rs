//! Expiry: removes abandoned rooms, old messages, and people of whom nothing is left.
//!
//! What is looked for among all there is, is looked for by readers, a part at a time. What is written is a few rows.

use madang_common::{
    id::{RoomId, UserId},
    time::UnixMillis,
};
use sqlx::{FromRow, SqliteConnection};

use super::{StoreError, rooms::LOBBY, row_count};

/// As many messages as a room has at most in which nothing was said, if that is to be noticed.
const SILENT: i64 = 50;

/// Since when a room must have been left alone to be removed. None is for ever.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deserted {
    /// Where something was said.
    pub(crate) spoken: UnixMillis,
    /// Where nothing was.
    pub(crate) silent: UnixMillis,
}

/// The condition under which `r` is deserted. Who leaves a room writes its last message by that.
macro_rules! deserted {
    ($head:literal, $tail:literal) => {
        concat!(
            "SELECT ",
            $head,
            " FROM rooms r WHERE r.slug <> $1 AND NOT EXISTS (SELECT 1 FROM members m WHERE m.room_id = r.id) \
             AND COALESCE((SELECT x.sent_at FROM messages x WHERE x.room_id = r.id AND x.seq = r.seq), r.created_at) < \
               CASE WHEN r.seq <= $2 AND NOT EXISTS (SELECT 1 FROM messages x WHERE x.room_id = r.id \
                 AND x.kind IN ('text', 'deleted')) THEN $3 ELSE $4 END ",
            $tail
        )
    };
}

/// Rooms that everyone has left, for so long; so many at most.
pub(crate) async fn deserted_rooms(
    conn: &mut SqliteConnection,
    since: Deserted,
    most: usize,
) -> Result<Vec<RoomId>, StoreError> {
    let ids: Vec<i64> = sqlx::query_scalar(deserted!("r.id", "ORDER BY r.id LIMIT $5"))
        .bind(LOBBY)
        .bind(SILENT)
        .bind(since.silent.0)
        .bind(since.spoken.0)
        .bind(row_count(most))
        .fetch_all(conn)
        .await?;
    Ok(ids.into_iter().map(RoomId).collect())
}

/// Whether a room is one of [`deserted_rooms`].
pub(crate) async fn is_deserted(
    conn: &mut SqliteConnection,
    room: RoomId,
    since: Deserted,
) -> Result<bool, StoreError> {
    let found: Option<i64> = sqlx::query_scalar(deserted!("r.id", "AND r.id = $5"))
        .bind(LOBBY)
        .bind(SILENT)
        .bind(since.silent.0)
        .bind(since.spoken.0)
        .bind(room.0)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

/// Removes a room that has no messages and no members.
pub(crate) async fn delete_room(conn: &mut SqliteConnection, room: RoomId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM rooms WHERE id = $1").bind(room.0).execute(conn).await?;
    Ok(())
}

/// Rooms whose first message is older than `before`.
pub(crate) async fn rooms_with_old(
    conn: &mut SqliteConnection,
    before: UnixMillis,
) -> Result<Vec<RoomId>, StoreError> {
    let ids: Vec<i64> = sqlx::query_scalar(
        "SELECT r.id FROM rooms r WHERE \
           (SELECT x.sent_at FROM messages x WHERE x.room_id = r.id AND x.seq < r.seq ORDER BY x.seq LIMIT 1) < $1",
    )
    .bind(before.0)
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(RoomId).collect())
}

/// Removes those of a room's first `most` messages that are older than `before`; all of them if there is no such time.
/// Answers how many they are. With a time, the last one stays, which tells when something last happened.
pub(crate) async fn delete_first(
    conn: &mut SqliteConnection,
    room: RoomId,
    before: Option<UnixMillis>,
    most: usize,
) -> Result<usize, StoreError> {
    let deleted = sqlx::query(
        "DELETE FROM messages WHERE id IN (SELECT id FROM ( \
           SELECT x.id, x.sent_at, x.seq FROM messages x WHERE x.room_id = $1 ORDER BY x.seq LIMIT $2) \
         WHERE $3 IS NULL OR (sent_at < $3 AND seq < (SELECT r.seq FROM rooms r WHERE r.id = $1)))",
    )
    .bind(room.0)
    .bind(row_count(most))
    .bind(before.map(|before| before.0))
    .execute(conn)
    .await?;
    Ok(usize::try_from(deleted.rows_affected()).unwrap_or(usize::MAX))
}

/// A person without a session, who is not seen again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Absent {
    pub(crate) user: UserId,
    /// Whether they are still a member of some room.
    pub(crate) is_member: bool,
    /// Whether they left nothing that names them.
    pub(crate) is_forgotten: bool,
}

#[derive(FromRow)]
struct AbsentRow {
    id: i64,
    has_session: bool,
    is_member: bool,
    is_named: bool,
}

/// A part of all people who were not seen since `before`: those of them who have no session, and after whom the next part
/// begins, if there is one.
pub(crate) async fn absent(
    conn: &mut SqliteConnection,
    after: UserId,
    before: UnixMillis,
    most: usize,
) -> Result<(Vec<Absent>, Option<UserId>), StoreError> {
    let rows: Vec<AbsentRow> = sqlx::query_as(
        "SELECT u.id, u.seen_at >= $2 OR EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = u.id) AS has_session, \
           EXISTS (SELECT 1 FROM members m WHERE m.user_id = u.id) AS is_member, \
           EXISTS (SELECT 1 FROM messages x WHERE x.author_id = u.id) \
             OR EXISTS (SELECT 1 FROM rooms r WHERE r.created_by = u.id) AS is_named \
         FROM users u WHERE u.id > $1 ORDER BY u.id LIMIT $3",
    )
    .bind(after.0)
    .bind(before.0)
    .bind(row_count(most))
    .fetch_all(conn)
    .await?;
    let next = rows.last().filter(|_| rows.len() == most).map(|row| UserId(row.id));
    let absent =
        rows.into_iter().filter(|row| !row.has_session).map(|AbsentRow { id, is_member, is_named, .. }| Absent {
            user: UserId(id),
            is_member,
            is_forgotten: !is_member && !is_named,
        });
    Ok((absent.collect(), next))
}

/// Whether somebody speaks for a person.
pub(crate) async fn has_session(conn: &mut SqliteConnection, user: UserId) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sessions WHERE user_id = $1)";
    Ok(sqlx::query_scalar(sql).bind(user.0).fetch_one(conn).await?)
}

/// Removes a person of whom nothing is left, unless that has changed.
pub(crate) async fn delete_forgotten(conn: &mut SqliteConnection, user: UserId) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM users WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM sessions WHERE user_id = $1) \
           AND NOT EXISTS (SELECT 1 FROM members WHERE user_id = $1) \
           AND NOT EXISTS (SELECT 1 FROM messages WHERE author_id = $1) \
           AND NOT EXISTS (SELECT 1 FROM rooms WHERE created_by = $1)",
    )
    .bind(user.0)
    .execute(conn)
    .await?;
    Ok(())
}
