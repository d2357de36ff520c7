//! Erasure: what is deleted is gone from the disk, too.
//!
//! SQLite overwrites it in the database (`secure_delete`), but first each change goes to the write-ahead log, which keeps
//! the pages of earlier changes until it is written over. On a server where little is said that may take for ever.

use sqlx::{Executor as _, SqliteConnection};

use super::BUSY_TIMEOUT;

/// Writes what the log holds into the database and empties the log. Waits for nobody: while someone reads what is still in
/// it the log stays. Answers whether it is empty. The log has 4 MB at most where that works now and then, for SQLite does
/// the first half by itself whenever it has a thousand pages.
pub(super) async fn empty_log(conn: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    conn.execute("PRAGMA busy_timeout = 0").await?;
    // Busy, pages in the log, pages written of those.
    let outcome: Result<(i64, i64, i64), _> =
        sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *conn).await;
    let again = format!("PRAGMA busy_timeout = {}", BUSY_TIMEOUT.as_millis());
    conn.execute(sqlx::AssertSqlSafe(again)).await?;
    Ok(outcome?.0 == 0)
}
