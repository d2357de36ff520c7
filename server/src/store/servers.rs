//! The id of this server.

use sqlx::SqliteConnection;

/// Some digits that tell the server of this data folder from others.
pub(super) async fn id(conn: &mut SqliteConnection) -> Result<String, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM server").fetch_one(conn).await
}
