//! A real database for a test or a lesson: a SQLite file in a folder of its own, which goes when it is dropped.
//!
//! Whoever opens a connection is counted, so that a test can prove that a pool is shared. The database is in
//! WAL mode (a write-ahead log), as a service would have it: readers do not wait for the one writer.
//!
//! - [`statements`]: what SQLite was asked, and how many rows it returned
//! - [`commits`]: commits that are held back, or refused
//! - [`paced`]: queries that take as long as they are told to, on either clock
//!
//! sqlx runs SQLite on threads of its own. On tokio's paused clock it needs a [`Hold`](async_workbook::clock::Hold).
//!
//! ```
//! use real_database::Database;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), sqlx::Error> {
//! let database = Database::create("CREATE TABLE books (title TEXT); INSERT INTO books VALUES ('Emma');").await?;
//! let pool = database.pool(1);
//!
//! let count: i64 = sqlx::query_scalar("SELECT count(*) FROM books").fetch_one(&pool).await?;
//!
//! assert_eq!((count, database.opened()), (1, 1));
//! # Ok(())
//! # }
//! ```

pub mod commits;
pub mod paced;
pub mod statements;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use sqlx::{
    ConnectOptions as _, Connection as _, Executor as _, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use statements::Statement;
use tempfile::TempDir;

/// A SQLite file. When this is dropped, also by a panic, its folder is removed with all that is in it.
#[derive(Debug)]
pub struct Database {
    folder: TempDir,
    opened: Arc<AtomicUsize>,
    /// Which database of this process it is.
    number: usize,
}

impl Database {
    /// Makes the file, and runs `schema`: statements that end in semicolons.
    ///
    /// # Errors
    ///
    /// The folder for temporary files cannot be written, or SQLite refuses a statement.
    pub async fn create(schema: &'static str) -> Result<Self, sqlx::Error> {
        static NUMBER: AtomicUsize = AtomicUsize::new(1);
        let database = Self {
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            folder: tempfile::Builder::new()
                .prefix("workbook-database-")
                .tempdir()?,
            opened: Arc::default(),
        };
        let options = database.uncounted().create_if_missing(true);
        let mut connection = options.connect().await?;
        connection.execute(schema).await?;
        connection.close().await?;
        Ok(database)
    }

    /// How to open the database: for a pool of one's own, or a connection. Each that is opened counts.
    #[must_use]
    pub fn options(&self) -> SqliteConnectOptions {
        let (opened, prefix) = (Arc::clone(&self.opened), self.prefix());
        // Each connection has a thread, which asks for its name once.
        self.uncounted().thread_name(move |id| {
            opened.fetch_add(1, Ordering::Relaxed);
            format!("{prefix}{id}")
        })
    }

    /// A pool of at most `connections`, each opened when it is first needed.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime, on which a pool keeps a task of its own.
    #[must_use]
    pub fn pool(&self, connections: u32) -> SqlitePool {
        SqlitePoolOptions::new()
            .max_connections(connections)
            .connect_lazy_with(self.options())
    }

    /// How many connections were opened so far with [`options`](Self::options) or in a [`pool`](Self::pool).
    #[must_use]
    pub fn opened(&self) -> usize {
        // A count is all that is read: it orders no other memory.
        self.opened.load(Ordering::Relaxed)
    }

    /// The statements that ran so far on connections that count, if [`statements::watch`] was called before.
    #[must_use]
    pub fn statements(&self) -> Vec<Statement> {
        statements::of(&self.prefix())
    }

    /// Forgets the statements that ran so far.
    pub fn forget_statements(&self) {
        statements::forget(&self.prefix());
    }

    /// How the names of the threads begin that its connections have.
    fn prefix(&self) -> String {
        format!("sqlite-{}-", self.number)
    }

    /// The file.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("data.sqlite")
    }

    fn uncounted(&self) -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .filename(self.file())
            .journal_mode(SqliteJournalMode::Wal)
            // It goes with its process: a power failure could lose nothing, and the disk need not be waited for.
            .synchronous(SqliteSynchronous::Off)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.forget_statements();
    }
}

#[cfg(test)]
mod tests {
    use async_workbook::clock::Hold;

    use super::*;

    const SCHEMA: &str = "CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1), (2);";

    #[tokio::test]
    async fn a_database_is_real_and_goes_with_its_folder() {
        let database = Database::create(SCHEMA).await.expect("the schema is sound");
        let (file, pool) = (database.file(), database.pool(2));
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
            .fetch_one(&pool)
            .await
            .expect("it answers");
        assert_eq!(mode, "wal");
        assert!(file.is_file());
        pool.close().await;
        drop(database);
        assert!(!file.exists());
        assert!(!file.parent().expect("it has a folder").exists());
    }

    #[tokio::test]
    async fn a_panic_leaves_nothing_behind() {
        let database = Database::create(SCHEMA).await.expect("the schema is sound");
        let file = database.file();
        let task = tokio::spawn(async move {
            let _database = database;
            panic!("half way");
        });
        assert!(task.await.is_err_and(|error| error.is_panic()));
        assert!(!file.exists());
    }

    /// Each of these fails without the hold, most of the time.
    #[tokio::test(start_paused = true)]
    async fn connections_are_counted_when_they_are_opened() {
        let _hold = Hold::new();
        let database = Database::create(SCHEMA).await.expect("the schema is sound");
        assert_eq!(database.opened(), 0);
        let pool = database.pool(2);
        assert_eq!(database.opened(), 0);
        for _ in 0..5 {
            let (first, second) = tokio::join!(pool.acquire(), pool.acquire());
            first.and(second).expect("there are two");
        }
        assert_eq!(database.opened(), 2);
        let another = database.options().connect().await.expect("it is there");
        assert_eq!(database.opened(), 3);
        drop(another);
    }

    #[tokio::test]
    async fn statements_are_noted_with_the_rows_that_they_return() {
        statements::watch();
        let database = Database::create(SCHEMA).await.expect("the schema is sound");
        let another = Database::create(SCHEMA).await.expect("the schema is sound");
        let (pool, other_pool) = (database.pool(1), another.pool(1));
        for sql in ["SELECT n  FROM t ORDER\nBY n", "DELETE FROM t"] {
            let rows = sqlx::query(sql).fetch_all(&pool).await;
            rows.expect("the table is there");
        }
        let rows = sqlx::query("SELECT 1").fetch_all(&other_pool).await;
        rows.expect("it needs no table");
        // A statement is noted when its thread is done with it, a moment after its rows have arrived.
        pool.close().await;
        let seen = database.statements();
        let seen: Vec<_> = seen
            .iter()
            .map(|seen| (seen.sql.as_str(), seen.returned, seen.changed))
            .collect();
        let expected = [
            ("SELECT n FROM t ORDER BY n", 2, 0),
            ("DELETE FROM t", 0, 2),
        ];
        assert_eq!(seen, expected);
        database.forget_statements();
        assert!(database.statements().is_empty());
    }

    #[tokio::test]
    async fn a_schema_that_is_none_is_refused() {
        let error = Database::create("CREATE NOTHING").await;
        assert!(matches!(error, Err(sqlx::Error::Database(_))));
    }
}
