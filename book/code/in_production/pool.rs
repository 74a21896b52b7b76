//! Pitfalls that show at a pool of connections, and what `PoolTimedOut` came from.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::future::try_join_all;
use sqlx::{
    ConnectOptions as _, Connection as _, Executor as _, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions},
};
use tempfile::TempDir;
use tokio::time::timeout;

// ANCHOR: cause
/// What was in the way when no connection came in time.
#[derive(Debug)]
enum Cause {
    /// The database lets others connect: the pool's own connections are all taken.
    AllTaken,
    /// It refuses.
    Refused(sqlx::Error),
    /// It doesn't answer.
    NoAnswer,
}

/// Connects once beside the pool. Ask this after a `PoolTimedOut`, but not after each: it costs a connection.
async fn cause(pool: &SqlitePool, patience: Duration) -> Cause {
    match timeout(patience, pool.connect_options().connect()).await {
        Ok(Ok(connection)) => {
            connection.close().await.ok(); // It has told what it was made for.
            Cause::AllTaken
        }
        Ok(Err(error)) => Cause::Refused(error),
        Err(_) => Cause::NoAnswer,
    }
}
// ANCHOR_END: cause

// ANCHOR: gauge
/// How many of the pool's connections are in use, and how many there may be.
fn in_use(pool: &SqlitePool) -> (usize, u32) {
    let in_use = (pool.size() as usize).saturating_sub(pool.num_idle());
    (in_use, pool.options().get_max_connections())
}
// ANCHOR_END: gauge

const PATIENCE: Duration = Duration::from_millis(50);

struct Books {
    folder: TempDir,
}

impl Books {
    fn create() -> Self {
        let folder = tempfile::tempdir().expect("the folder for temporary files can be written");
        Self { folder }
    }

    fn options(&self) -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .filename(self.folder.path().join("books.db"))
            .create_if_missing(true)
            .busy_timeout(Duration::from_secs(60))
    }
}

fn pool(options: SqliteConnectOptions) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .connect_lazy_with(options)
}

#[tokio::test]
async fn a_pool_whose_connections_are_held_is_told_from_a_database_that_does_not_answer()
-> Result<(), sqlx::Error> {
    let books = Books::create();
    let held = pool(books.options());
    let connection = held.acquire().await?;
    assert_eq!(in_use(&held), (1, 1));
    let error = held
        .acquire()
        .await
        .expect_err("the one connection is held");
    assert!(matches!(error, sqlx::Error::PoolTimedOut), "{error:?}");
    let cause_of_it = cause(&held, Duration::from_secs(60)).await;
    assert!(matches!(cause_of_it, Cause::AllTaken), "{cause_of_it:?}");
    drop(connection);

    // Another program has the file for itself. To connect in WAL mode, SQLite waits until it can read it.
    let mut other = books.options().connect().await?;
    other.execute("BEGIN EXCLUSIVE").await?;
    let silent = pool(books.options().journal_mode(SqliteJournalMode::Wal));
    let error = silent.acquire().await.expect_err("it cannot connect");
    assert!(matches!(error, sqlx::Error::PoolTimedOut), "{error:?}");
    let cause_of_it = cause(&silent, PATIENCE).await;
    assert!(matches!(cause_of_it, Cause::NoAnswer), "{cause_of_it:?}");
    other.execute("ROLLBACK").await?;
    Ok(())
}

#[tokio::test]
async fn other_errors_of_connecting_come_at_once_and_as_they_are() {
    let nowhere = SqliteConnectOptions::new().filename("no/such/folder/books.db");
    let pool = pool(nowhere);
    let error = pool.acquire().await.expect_err("there is no such file");
    assert!(matches!(error, sqlx::Error::Database(_)), "{error:?}");
    match cause(&pool, Duration::from_secs(60)).await {
        Cause::Refused(refusal) => assert_eq!(refusal.to_string(), error.to_string()),
        other => panic!("{other:?}"),
    }
}

/// sqlx takes a refused connection for a server that is starting up, and tries again until the time is over.
#[tokio::test]
async fn a_connection_that_fails_again_and_again_is_a_pool_that_timed_out() {
    let books = Books::create();
    let attempts = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&attempts);
    let pool = SqlitePoolOptions::new()
        .acquire_timeout(PATIENCE)
        .after_connect(move |_, _| {
            counted.fetch_add(1, Ordering::SeqCst);
            Box::pin(async { Err(sqlx::Error::WorkerCrashed) })
        })
        .connect_lazy_with(books.options());
    let error = pool.acquire().await.expect_err("no connection is good");
    assert!(matches!(error, sqlx::Error::PoolTimedOut), "{error:?}");
    assert!(attempts.load(Ordering::SeqCst) > 0);
}

#[tokio::test]
async fn connections_are_counted_as_they_are_opened() -> Result<(), sqlx::Error> {
    let books = Books::create();
    let opened = Arc::new(AtomicUsize::new(0));
    // ANCHOR: opened
    let count = Arc::clone(&opened);
    let options = SqlitePoolOptions::new().after_connect(move |_, _| {
        count.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Ok(()) })
    });
    // ANCHOR_END: opened
    let shared = options.clone().max_connections(1);
    let shared = shared.connect_lazy_with(books.options());
    try_join_all((0..20).map(|_| sqlx::query("SELECT 1").execute(&shared))).await?;
    assert_eq!(opened.swap(0, Ordering::SeqCst), 1);

    for _ in 0..20 {
        let own = options.clone().connect_lazy_with(books.options());
        sqlx::query("SELECT 1").execute(&own).await?;
        own.close().await;
    }
    assert_eq!(opened.load(Ordering::SeqCst), 20);
    Ok(())
}
