//! Users and their names.

use madang_common::{
    id::UserId,
    text::{Stored, UserName},
    time::UnixMillis,
    user::UserView,
};
use sqlx::{FromRow, SqliteConnection};

use super::{StoreError, json, row_count};
use crate::names::Likeness;

/// Who holds a name, and when they were last seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holder {
    pub(crate) user: UserId,
    pub(crate) seen_at: UnixMillis,
}

/// A person as a query finds them.
#[derive(FromRow)]
pub(super) struct UserRow {
    id: i64,
    name: String,
    outside: bool,
}

impl From<UserRow> for UserView {
    fn from(row: UserRow) -> Self {
        Self { id: UserId(row.id), name: UserName::stored(row.name), outside: row.outside }
    }
}

/// Adds a person who holds `name`.
pub(crate) async fn insert(
    conn: &mut SqliteConnection,
    name: &UserName,
    now: UnixMillis,
) -> Result<UserId, StoreError> {
    let Likeness { fold, look } = Likeness::of(name.as_str());
    let id = sqlx::query_scalar(
        "INSERT INTO users (name, name_fold, name_look, holds_name, created_at, seen_at) \
         VALUES ($1, $2, $3, TRUE, $4, $4) RETURNING id",
    )
    .bind(name.as_str())
    .bind(fold)
    .bind(look)
    .bind(now.0)
    .fetch_one(conn)
    .await?;
    Ok(UserId(id))
}

/// A person, with or without a name of their own.
pub(crate) async fn get(conn: &mut SqliteConnection, user: UserId) -> Result<Option<UserView>, StoreError> {
    let row = sqlx::query_as::<_, UserRow>("SELECT id, name, outside FROM users WHERE id = $1")
        .bind(user.0)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(UserView::from))
}

/// A person, if their session stands and their name is theirs.
pub(crate) async fn signed_in(conn: &mut SqliteConnection, user: UserId) -> Result<Option<UserView>, StoreError> {
    let row = sqlx::query_as::<_, UserRow>(
        "SELECT id, name, outside FROM users WHERE id = $1 AND holds_name \
         AND EXISTS (SELECT 1 FROM sessions WHERE user_id = users.id)",
    )
    .bind(user.0)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(UserView::from))
}

/// Several people, each by their id, in no order.
pub(crate) async fn get_all(conn: &mut SqliteConnection, users: &[UserId]) -> Result<Vec<UserView>, StoreError> {
    let rows: Vec<UserRow> =
        sqlx::query_as("SELECT id, name, outside FROM users WHERE id IN (SELECT value FROM json_each($1))")
            .bind(json(users)?)
            .fetch_all(conn)
            .await?;
    Ok(rows.into_iter().map(UserView::from).collect())
}

/// Those who hold a name that is like this one, who was seen last first. It is one person, or none; or a few who took
/// theirs by an earlier rule ([`MOST_ALIKE`](super::likenesses::MOST_ALIKE) of either likeness).
pub(crate) async fn holders(conn: &mut SqliteConnection, likeness: &Likeness) -> Result<Vec<Holder>, StoreError> {
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT id, seen_at FROM users WHERE name_fold = $1 AND holds_name \
         UNION SELECT id, seen_at FROM users WHERE name_look = $2 AND holds_name ORDER BY seen_at DESC",
    )
    .bind(&likeness.fold)
    .bind(&likeness.look)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id, seen_at)| Holder { user: UserId(id), seen_at: UnixMillis(seen_at) }).collect())
}

/// Takes a person's name away, for another to hold.
pub(crate) async fn release_name(conn: &mut SqliteConnection, user: UserId) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET holds_name = FALSE WHERE id = $1").bind(user.0).execute(conn).await?;
    Ok(())
}

/// Gives a person a name to hold.
pub(crate) async fn rename(conn: &mut SqliteConnection, user: UserId, name: &UserName) -> Result<(), StoreError> {
    let Likeness { fold, look } = Likeness::of(name.as_str());
    sqlx::query("UPDATE users SET name = $2, name_fold = $3, name_look = $4, holds_name = TRUE WHERE id = $1")
        .bind(user.0)
        .bind(name.as_str())
        .bind(fold)
        .bind(look)
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that a person was there now.
pub(crate) async fn touch(conn: &mut SqliteConnection, user: UserId, now: UnixMillis) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET seen_at = $2 WHERE id = $1").bind(user.0).bind(now.0).execute(conn).await?;
    Ok(())
}

/// Notes that several people were there now.
pub(crate) async fn touch_all(
    conn: &mut SqliteConnection,
    users: &[UserId],
    now: UnixMillis,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET seen_at = $2 WHERE id IN (SELECT value FROM json_each($1))")
        .bind(json(users)?)
        .bind(now.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Moves those who were last seen in the future to now, at most so many. Answers how many they were.
pub(crate) async fn unsee_future(
    conn: &mut SqliteConnection,
    now: UnixMillis,
    most: usize,
) -> Result<usize, StoreError> {
    let done =
        sqlx::query("UPDATE users SET seen_at = $1 WHERE id IN (SELECT id FROM users WHERE seen_at > $1 LIMIT $2)")
            .bind(now.0)
            .bind(row_count(most))
            .execute(conn)
            .await?;
    Ok(usize::try_from(done.rows_affected()).unwrap_or(usize::MAX))
}

/// The guest from outside with a name of this likeness. Guests hold no name: whoever is inside may take it.
pub(crate) async fn guest(conn: &mut SqliteConnection, likeness: &Likeness) -> Result<Option<UserView>, StoreError> {
    let row = sqlx::query_as::<_, UserRow>(
        "SELECT id, name, outside FROM users WHERE name_fold = $1 AND outside ORDER BY id LIMIT 1",
    )
    .bind(&likeness.fold)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(UserView::from))
}

/// Adds a guest from outside.
pub(crate) async fn insert_guest(
    conn: &mut SqliteConnection,
    name: &UserName,
    now: UnixMillis,
) -> Result<UserId, StoreError> {
    let Likeness { fold, look } = Likeness::of(name.as_str());
    let id = sqlx::query_scalar(
        "INSERT INTO users (name, name_fold, name_look, holds_name, outside, created_at, seen_at) \
         VALUES ($1, $2, $3, FALSE, TRUE, $4, $4) RETURNING id",
    )
    .bind(name.as_str())
    .bind(fold)
    .bind(look)
    .bind(now.0)
    .fetch_one(conn)
    .await?;
    Ok(UserId(id))
}
