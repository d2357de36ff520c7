//! Recently posted join forms.

use madang_common::{id::UserId, time::UnixMillis, user::UserView};
use sqlx::SqliteConnection;

use super::{StoreError, users::UserRow};
use crate::{names::Likeness, secret::TokenHash};

/// How many old rows are removed with each new one. More than one, so that they do not pile up.
const REMOVED_AT_ONCE: i64 = 4;

/// A stretch of time, both ends included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) from: UnixMillis,
    pub(crate) to: UnixMillis,
}

/// Notes that a person joined by the form of this key at the end of `valid`, and forgets some of those that joined outside
/// it: long ago, or in a future that the clock has come back from.
pub(crate) async fn insert(
    conn: &mut SqliteConnection,
    key: &TokenHash,
    user: UserId,
    valid: Span,
) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM joins WHERE key_hash IN \
           (SELECT key_hash FROM joins WHERE made_at < $1 OR made_at > $2 LIMIT $3)",
    )
    .bind(valid.from.0)
    .bind(valid.to.0)
    .bind(REMOVED_AT_ONCE)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "INSERT INTO joins (key_hash, user_id, made_at) VALUES ($1, $2, $3) \
         ON CONFLICT DO UPDATE SET user_id = $2, made_at = $3",
    )
    .bind(key.as_bytes())
    .bind(user.0)
    .bind(valid.to.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// Who joined by the form of this key within `valid`, under a name of this likeness, and is still signed in under it.
pub(crate) async fn get(
    conn: &mut SqliteConnection,
    key: &TokenHash,
    likeness: &Likeness,
    valid: Span,
) -> Result<Option<UserView>, StoreError> {
    let row = sqlx::query_as::<_, UserRow>(
        "SELECT u.id, u.name, u.outside FROM joins j JOIN users u ON u.id = j.user_id \
         WHERE j.key_hash = $1 AND j.made_at BETWEEN $3 AND $4 AND u.name_fold = $2 AND u.holds_name \
           AND EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = u.id)",
    )
    .bind(key.as_bytes())
    .bind(&likeness.fold)
    .bind(valid.from.0)
    .bind(valid.to.0)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(UserView::from))
}
