//! A write that changes nothing visible.

use madang_common::time::UnixMillis;
use sqlx::SqliteConnection;

/// The database's user version, which nothing else here reads.
///
/// # Errors
/// What the disk or the database says.
pub(crate) async fn version(conn: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("PRAGMA user_version").fetch_one(conn).await
}

/// Writes to the database's header: its user version becomes another.
///
/// # Errors
/// What the disk or the database says.
pub(crate) async fn write(conn: &mut SqliteConnection, now: UnixMillis) -> Result<(), sqlx::Error> {
    // Another one than before, so that there is something to write.
    let next = if version(conn).await? == 0 { 1 + now.0.rem_euclid(1_000) } else { 0 };
    // A pragma takes no parameters; this is a number.
    sqlx::query(sqlx::AssertSqlSafe(format!("PRAGMA user_version = {next}"))).execute(conn).await?;
    Ok(())
}
