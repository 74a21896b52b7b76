//! Queries that take as long as they are told to, on a real connection of a real pool, and on either clock.
//!
//! SQLite answers a small query in microseconds, from its own thread, and tokio's paused clock doesn't see that thread.
//! So the clock is held while the query runs, and again while the connection goes back to the pool. In between, the
//! connection is kept for the rest of its time, which passes on the clock in use.
//!
//! ```
//! use std::time::Duration;
//! use async_workbook::clock::timed;
//! use futures::future::join_all;
//! use real_database::{Database, paced::Paced};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), sqlx::Error> {
//! let database = Database::create("CREATE TABLE books (title TEXT);").await?;
//! let pool = Paced::open(&database, 5, Duration::from_millis(10)).await?;
//!
//! let queries = (0..100).map(|_| pool.query("SELECT count(*) FROM books"));
//! let (counts, took) = timed(join_all(queries)).await;
//!
//! assert!(counts.into_iter().all(|count| matches!(count, Ok(0))));
//! assert_eq!(took, Duration::from_millis(200), "5 at a time, 10 ms each");
//! # Ok(())
//! # }
//! ```

use std::time::Duration;

use async_workbook::clock::Hold;
use sqlx::{
    Executor, FromRow, IntoArguments, Pool, Sqlite,
    pool::{PoolConnection, PoolOptions},
};
use tokio::{task::yield_now, time::sleep};
use tracing::Span;

use crate::Database;

/// A pool whose queries each keep their connection for a given time.
#[derive(Debug)]
pub struct Paced<DB: sqlx::Database = Sqlite> {
    pool: Pool<DB>,
    time: Duration,
}

impl Paced {
    /// Opens all connections of a pool at once, so that none is opened later.
    ///
    /// # Errors
    ///
    /// A connection can't be opened.
    pub async fn open(
        database: &Database,
        connections: u32,
        time: Duration,
    ) -> Result<Self, sqlx::Error> {
        Self::connect(database.options(), connections, time).await
    }
}

impl<DB> Paced<DB>
where
    DB: sqlx::Database,
    DB::Arguments: IntoArguments<DB>,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    (i64,): for<'r> FromRow<'r, DB::Row>,
{
    /// The same for any database that sqlx knows.
    ///
    /// # Errors
    ///
    /// A connection can't be opened.
    pub async fn connect(
        options: <DB::Connection as sqlx::Connection>::Options,
        connections: u32,
        time: Duration,
    ) -> Result<Self, sqlx::Error> {
        let _hold = Hold::new();
        let pool = PoolOptions::<DB>::new()
            .max_connections(connections)
            // On the paused clock, an hour goes by when nothing else can happen.
            .acquire_timeout(Duration::from_secs(60 * 60))
            .idle_timeout(None)
            .max_lifetime(None)
            // A connection from the pool is taken without asking the database, which the clock wouldn't see.
            .test_before_acquire(false)
            .connect_lazy_with(options);
        let mut opened = Vec::new();
        for _ in 0..connections {
            opened.push(pool.acquire().await?);
        }
        for mut connection in opened {
            connection.return_to_pool().await;
        }
        Ok(Self { pool, time })
    }

    /// Waits for a connection of the pool.
    ///
    /// # Errors
    ///
    /// None came within an hour.
    ///
    /// # Cancel safety
    ///
    /// Dropping this gives up the place in the queue.
    pub async fn acquire(&self) -> Result<Connection<DB>, sqlx::Error> {
        let connection = self.pool.acquire().await?;
        let span = tracing::info_span!("connection");
        span.in_scope(|| ());
        Ok(Connection {
            connection,
            time: self.time,
            _span: span,
        })
    }

    /// Waits for a connection, runs a query that gives a number, and gives the connection back.
    ///
    /// # Errors
    ///
    /// The query fails.
    pub async fn query(&self, sql: &'static str) -> Result<i64, sqlx::Error> {
        let mut connection = self.acquire().await?;
        let number = connection.query(sql).await;
        connection.give_back().await;
        number
    }
}

/// A connection, whose queries take their time.
#[derive(Debug)]
#[must_use = "give it back with `give_back`: the paused clock doesn't see what dropping it does"]
pub struct Connection<DB: sqlx::Database = Sqlite> {
    connection: PoolConnection<DB>,
    time: Duration,
    /// On a timeline, a row from here to its end.
    _span: Span,
}

impl<DB> Connection<DB>
where
    DB: sqlx::Database,
    DB::Arguments: IntoArguments<DB>,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    (i64,): for<'r> FromRow<'r, DB::Row>,
{
    /// Runs a query that gives a number.
    ///
    /// # Errors
    ///
    /// The query fails.
    pub async fn query(&mut self, sql: &'static str) -> Result<i64, sqlx::Error> {
        let hold = Hold::new();
        let number = sqlx::query_scalar::<DB, i64>(sql)
            .fetch_one(&mut *self.connection)
            .await;
        hold.release().await;
        sleep(self.time).await;
        number
    }

    /// Gives the connection back to its pool. Whoever has waited longest takes it.
    pub async fn give_back(mut self) {
        let hold = Hold::new();
        self.connection.return_to_pool().await;
        // Whoever has waited for it takes it now, and not a moment later: so the order of events is always the same.
        yield_now().await;
        hold.release().await;
    }
}

#[cfg(test)]
mod tests {
    use async_workbook::clock::timed;
    use futures::future::join_all;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_hundred_queries_take_as_many_rounds_as_the_pool_needs() {
        let schema = "CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (7);";
        let database = Database::create(schema).await.expect("it is sound");
        for (connections, millis) in [
            (1, 1000),
            (5, 200),
            (10, 100),
            (20, 50),
            (50, 20),
            (100, 10),
        ] {
            let pool = Paced::open(&database, connections, Duration::from_millis(10)).await;
            let pool = pool.expect("it is there");
            let before = database.opened();
            let queries = (0..100).map(|_| pool.query("SELECT n FROM t"));
            let (numbers, took) = timed(join_all(queries)).await;
            assert!(numbers.into_iter().all(|number| matches!(number, Ok(7))));
            assert_eq!(took, Duration::from_millis(millis), "{connections}");
            assert_eq!(database.opened(), before);
        }
    }
}
