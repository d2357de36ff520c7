//! Sessions, and the users that they belong to.

use madang_common::{
    id::UserId,
    text::{Stored, UserName},
    time::UnixMillis,
    user::UserView,
};
use sqlx::{FromRow, SqliteConnection};

use super::{StoreError, lifetime::Standing, row_count};
use crate::secret::TokenHash;

/// A session that stands.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) user: UserView,
    /// Whether the person still holds their name.
    pub(crate) holds_name: bool,
    /// When the person was last seen, to the minute or so.
    pub(crate) seen_at: UnixMillis,
    /// When the session itself was, to the hour or so.
    pub(crate) session_seen_at: UnixMillis,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    name: String,
    holds_name: bool,
    seen_at: i64,
    session_seen_at: i64,
}

/// Opens a session.
pub(crate) async fn insert(
    conn: &mut SqliteConnection,
    token: &TokenHash,
    user: UserId,
    now: UnixMillis,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO sessions (token_hash, user_id, created_at, seen_at) VALUES ($1, $2, $3, $3)")
        .bind(token.as_bytes())
        .bind(user.0)
        .bind(now.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// The session of a token, if it stands.
pub(crate) async fn get(
    conn: &mut SqliteConnection,
    token: &TokenHash,
    standing: Standing,
) -> Result<Option<Session>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT u.id, u.name, u.holds_name, u.seen_at, s.seen_at AS session_seen_at \
         FROM sessions s JOIN users u ON u.id = s.user_id \
         WHERE s.token_hash = $1 AND s.seen_at > $2 AND s.created_at > $3",
    )
    .bind(token.as_bytes())
    .bind(standing.seen_after.0)
    .bind(standing.begun_after.0)
    .fetch_optional(conn)
    .await?;
    let session = row.map(|row| {
        let name = UserName::stored(row.name);
        // Nobody outside has a session.
        let user = UserView { id: UserId(row.id), name, outside: false };
        let (seen_at, session_seen_at) = (UnixMillis(row.seen_at), UnixMillis(row.session_seen_at));
        Session { user, holds_name: row.holds_name, seen_at, session_seen_at }
    });
    Ok(session)
}

/// Ends all sessions of a person.
pub(crate) async fn delete_of(conn: &mut SqliteConnection, user: UserId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(user.0).execute(conn).await?;
    Ok(())
}

/// Notes that a session was seen now, if it stands. One that seems to have begun later, because the clock was ahead, begins
/// now: it would stand too long.
pub(crate) async fn see(
    conn: &mut SqliteConnection,
    token: &TokenHash,
    standing: Standing,
    now: UnixMillis,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE sessions SET seen_at = $4, created_at = min(created_at, $4) \
         WHERE token_hash = $1 AND seen_at > $2 AND created_at > $3",
    )
    .bind(token.as_bytes())
    .bind(standing.seen_after.0)
    .bind(standing.begun_after.0)
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes sessions that were not seen since, at most so many. Answers how many they were.
pub(crate) async fn forget(
    conn: &mut SqliteConnection,
    unseen_since: UnixMillis,
    most: usize,
) -> Result<usize, StoreError> {
    let done = sqlx::query(
        "DELETE FROM sessions WHERE token_hash IN (SELECT token_hash FROM sessions WHERE seen_at < $1 LIMIT $2)",
    )
    .bind(unseen_since.0)
    .bind(row_count(most))
    .execute(conn)
    .await?;
    Ok(usize::try_from(done.rows_affected()).unwrap_or(usize::MAX))
}
