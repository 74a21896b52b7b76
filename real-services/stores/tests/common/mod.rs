//! What the tests of PostgreSQL and of MariaDB share.

use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

use async_workbook::clock::timed;
use futures::future::join_all;
use real_database::paced::Paced;
use sqlx::{Connection, Database, Executor, FromRow, IntoArguments};

/// A hundred queries of 10 ms over pools of these sizes, none larger than `most`, on the paused clock. The database has the
/// table `books`, with 3 copies of 'book 1'.
pub(crate) async fn a_hundred_queries_take_as_many_rounds_as_the_pool_needs<DB: Database>(
    options: <DB::Connection as Connection>::Options,
    most: u32,
) where
    DB::Arguments: IntoArguments<DB>,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    (i64,): for<'r> FromRow<'r, DB::Row>,
{
    for (connections, millis) in [
        (1, 1000),
        (5, 200),
        (10, 100),
        (20, 50),
        (50, 20),
        (100, 10),
    ] {
        if connections > most {
            println!(
                "skipped: a pool of {connections}, since this server takes no more than {most}"
            );
            continue;
        }
        let time = Duration::from_millis(10);
        let pool = Paced::<DB>::connect(options.clone(), connections, time).await;
        let pool = pool.expect("the server is there");
        let queries =
            (0..100).map(|_| pool.query("SELECT copies FROM books WHERE title = 'book 1'"));
        let (numbers, took) = timed(join_all(queries)).await;
        assert!(numbers.into_iter().all(|number| matches!(number, Ok(3))));
        assert_eq!(took, Duration::from_millis(millis), "{connections}");
    }
}

/// Polls a future so many times, and drops it. Returns whether it came to its end.
pub(crate) async fn polled(future: impl Future, polls: usize) -> bool {
    let (mut future, mut left) = (pin!(future), polls);
    poll_fn(|context| {
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(true),
            Poll::Pending if left == 0 => Poll::Ready(false),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
