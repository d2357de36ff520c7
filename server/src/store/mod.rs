//! The only place with SQL: one function per query, grouped by noun. Rules and rights are not known here.
//!
//! There is one writer connection, which the committer owns, and a small pool of connections that can only read.

use std::{
    fs::File,
    future::Future,
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use madang_common::id::RoomId;
use serde::Serialize;
use sqlx::{
    Connection, Sqlite, SqliteConnection, SqlitePool, Transaction,
    migrate::MigrateError,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use thiserror::Error;

mod erasure;
pub(crate) mod expiry;
#[cfg(test)]
pub(crate) mod fixtures;
mod folder;
pub(crate) mod joins;
pub(crate) mod lifetime;
mod likenesses;
pub(crate) mod members;
pub(crate) mod messages;
#[cfg(test)]
mod migration_tests;
pub(crate) mod probe;
pub(crate) mod rooms;
mod servers;
pub(crate) mod sessions;
mod unread;
pub(crate) mod users;

/// Connections that read. More would not help: SQLite reads from one file's page cache.
const READERS: u32 = 4;
/// How long a statement waits for another connection's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A number of rows, as SQL takes it.
fn row_count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// Several ids as one parameter, for `json_each`.
fn json(ids: &(impl Serialize + ?Sized)) -> Result<String, StoreError> {
    serde_json::to_string(ids).map_err(|_| StoreError::Corrupt("id"))
}

/// Why the store could not do what was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database refused or failed.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A row holds what Madang never writes.
    #[error("the database holds an impossible {0}")]
    Corrupt(&'static str),
}

/// Why the store could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The data folder can't be made or written.
    #[error("The data folder {folder} can't be written: {source}.")]
    Folder { folder: PathBuf, source: io::Error },
    /// Another server uses the data folder; two would number messages apart from each other.
    #[error("Another Madang is using the data folder {folder}.")]
    InUse { folder: PathBuf },
    /// The file is there, but it can't be opened as Madang's database.
    #[error("The database in {folder} can't be opened: {source}.")]
    Database { folder: PathBuf, source: sqlx::Error },
    /// The database is of a newer Madang, or damaged.
    #[error("The database in {folder} can't be brought up to date: {source}.")]
    Migrate { folder: PathBuf, source: MigrateError },
}

/// The reading half: a cheap handle.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    readers: SqlitePool,
}

/// The writing half. It exists once, and the data folder is locked while it lives.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) conn: SqliteConnection,
    /// The room that everyone is a member of. It is made by the first migration and stays.
    pub(crate) lobby: RoomId,
    /// Some digits that tell the server of this data folder from others.
    pub(crate) server: String,
    readers: SqlitePool,
    options: SqliteConnectOptions,
    _lock: File,
}

/// All connections that read, which nobody else can use meanwhile.
pub(crate) struct PausedReaders {
    _readers: Vec<PoolConnection<Sqlite>>,
}

/// Opens the database in `folder`, making both when they are missing, and brings its tables up to date.
///
/// # Errors
/// [`OpenError`], each a sentence for the operator.
pub(crate) async fn open(folder: &Path) -> Result<(Store, Writer), OpenError> {
    let lock = folder::open(folder)?;
    let database = |source| OpenError::Database { folder: folder.to_owned(), source };

    let options = SqliteConnectOptions::new()
        .filename(folder.join(folder::DATABASE))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // With NORMAL a power cut could take back what was acknowledged.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        // A deleted message's text is overwritten in the file, not just unlinked.
        .pragma("secure_delete", "on");

    let mut conn = SqliteConnection::connect_with(&options).await.map_err(database)?;
    // `run`, which calls this, gives a future that the compiler cannot see to be `Send`.
    sqlx::migrate!("src/store/migrations")
        .run_direct(None, &mut conn, false)
        .await
        .map_err(|source| OpenError::Migrate { folder: folder.to_owned(), source })?;
    likenesses::bring_up_to_date(&mut conn).await.map_err(database)?;
    let lobby = rooms::lobby(&mut conn).await.map_err(database)?;
    let server = servers::id(&mut conn).await.map_err(database)?;
    // A server that was killed leaves its log behind, with all that was deleted meanwhile.
    if let Err(error) = erasure::empty_log(&mut conn).await {
        // As on a full disk, where reading goes on.
        tracing::warn!(%error, "emptying the database's log");
    }
    let options = options.create_if_missing(false);
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        // They are opened once: a disk that takes no writes any more may not let new ones in.
        .min_connections(READERS)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.clone().read_only(true))
        .await
        .map_err(database)?;
    Ok((Store { readers: readers.clone() }, Writer { conn, lobby, server, readers, options, _lock: lock }))
}

impl Store {
    /// A reading transaction: all its queries see the database at one moment.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub(crate) async fn read(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.readers.begin().await?)
    }

    /// Closes the readers; waits for those at work.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }
}

impl Writer {
    /// Goes on with a new connection. SQLite may end a transaction by itself when the disk is full or fails (its
    /// documentation, "Response To Errors Within A Transaction"); sqlx, which counts how deep in transactions it is, does
    /// not learn of that, and takes the next one for a part of the last: it is never committed. What was said after a
    /// full disk would be acknowledged and lost.
    ///
    /// # Errors
    /// [`StoreError::Database`]; the old connection is still there.
    pub(crate) async fn renew(&mut self) -> Result<(), StoreError> {
        let fresh = SqliteConnection::connect_with(&self.options).await?;
        let old = std::mem::replace(&mut self.conn, fresh);
        if let Err(error) = old.close().await {
            tracing::debug!(%error, "closing a connection that had failed");
        }
        Ok(())
    }

    /// Writes what the write-ahead log holds into the database and empties the log, unless someone is reading; answers
    /// whether it is empty.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub(crate) async fn empty_log(&mut self) -> Result<bool, StoreError> {
        Ok(erasure::empty_log(&mut self.conn).await?)
    }

    /// Keeps everyone from reading for as long as what it answers is kept: once those who do are done, who comes later
    /// waits. Who is always reading would keep the log from ever being emptied, and it would fill the disk.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub(crate) fn pause_readers(&self) -> impl Future<Output = Result<PausedReaders, StoreError>> + Send + use<> {
        let readers = self.readers.clone();
        async move {
            let mut held = Vec::new();
            for _ in 0..READERS {
                held.push(readers.acquire().await?);
            }
            Ok(PausedReaders { _readers: held })
        }
    }

    /// Closes the database and frees the data folder.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub(crate) async fn close(self) -> Result<(), StoreError> {
        Ok(self.conn.close().await?)
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection as _, Executor as _};

    use super::*;

    async fn touch_all(conn: &mut SqliteConnection, to: &str) -> Result<(), sqlx::Error> {
        let mut transaction = conn.begin().await?;
        sqlx::query("UPDATE rooms SET topic = $1").bind(to).execute(&mut *transaction).await?;
        transaction.commit().await
    }

    async fn topic(store: &Store) -> String {
        let mut read = store.read().await.expect("a reader");
        sqlx::query_scalar("SELECT topic FROM rooms").fetch_one(&mut *read).await.expect("the lobby")
    }

    #[tokio::test]
    async fn after_a_full_disk_a_new_connection_commits_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, mut writer) = open(folder.path()).await.expect("a database");
        // SQLite's own way to be full; it goes with the connection that it was set for.
        writer.conn.execute("PRAGMA max_page_count = 1").await.expect("set to what is used");
        let long = "n".repeat(100_000);
        let full = touch_all(&mut writer.conn, &long).await.expect_err("there is no space");
        assert!(full.to_string().contains("full"), "{full}");
        assert_eq!(topic(&store).await, "");

        writer.renew().await.expect("a new connection");
        touch_all(&mut writer.conn, &long).await.expect("there is space");
        assert_eq!(topic(&store).await, long);
        writer.close().await.expect("closed");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_log_is_emptied_although_somebody_always_reads() {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, mut writer) = open(folder.path()).await.expect("a database");
        let mut reader = store.read().await.expect("a reader");
        let mut reading = reader.begin().await.expect("reading begins");
        sqlx::query("SELECT topic FROM rooms").execute(&mut *reading).await.expect("something is read");
        touch_all(&mut writer.conn, "n").await.expect("it is written");
        assert!(!writer.empty_log().await.expect("it is tried"), "somebody reads what was there before");
        reading.rollback().await.expect("reading ends");
        drop(reader);
        let _readers = fixtures::always_read(&store);
        let paused = writer.pause_readers().await.expect("they end");
        assert!(writer.empty_log().await.expect("it is tried"));
        drop(paused);
        assert_eq!(topic(&store).await, "n", "reading goes on");
    }
}
