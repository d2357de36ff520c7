//! Sessions: which browser speaks for whom.

use madang_common::{
    id::UserId,
    text::{Stored, UserName},
    time::UnixMillis,
    user::UserView,
};
use sqlx::{FromRow, SqliteConnection};

use super::StoreError;
use crate::secret::TokenHash;

/// A session that stands.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) user: UserView,
    /// Whether the person still holds their name.
    pub(crate) holds_name: bool,
    /// When the person was last seen, to the minute or so.
    pub(crate) seen_at: UnixMillis,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    name: String,
    holds_name: bool,
    seen_at: i64,
}

/// Opens a session.
pub(crate) async fn insert(
    conn: &mut SqliteConnection,
    token: &TokenHash,
    user: UserId,
    now: UnixMillis,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO sessions (token_hash, user_id, created_at) VALUES ($1, $2, $3)")
        .bind(token.as_bytes())
        .bind(user.0)
        .bind(now.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// The session of a token.
pub(crate) async fn get(conn: &mut SqliteConnection, token: &TokenHash) -> Result<Option<Session>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT u.id, u.name, u.holds_name, u.seen_at FROM sessions s JOIN users u ON u.id = s.user_id \
         WHERE s.token_hash = $1",
    )
    .bind(token.as_bytes())
    .fetch_optional(conn)
    .await?;
    let session = row.map(|row| {
        let name = UserName::stored(row.name);
        // Nobody outside has a session.
        let user = UserView { id: UserId(row.id), name, outside: false };
        Session { user, holds_name: row.holds_name, seen_at: UnixMillis(row.seen_at) }
    });
    Ok(session)
}

/// Ends all sessions of a person.
pub(crate) async fn delete_of(conn: &mut SqliteConnection, user: UserId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(user.0).execute(conn).await?;
    Ok(())
}
