//! What the page of chapter 14 says of PostgreSQL.

mod common;

use std::{sync::LazyLock, time::Duration};

use async_workbook::clock::Hold;
use common::polled;
use real_servers::{Server, Store};
use real_stores::postgres::{Schema, drop_begin};
use sqlx::{PgPool, Postgres, postgres::PgPoolOptions, query, query_scalar};
use tokio::time::{sleep, timeout};

const SCHEMA: &str = "\
CREATE TABLE books (title TEXT PRIMARY KEY, copies BIGINT NOT NULL);
CREATE TABLE sales (title TEXT NOT NULL);
INSERT INTO books VALUES ('book 1', 3), ('book 2', 3);
";

/// It ends with this process.
static SERVER: LazyLock<Option<Server>> =
    LazyLock::new(|| Server::of(Store::PostgreSql).expect("the server starts"));

async fn schema(test: &str) -> Option<Schema> {
    let schema = Schema::create(SERVER.as_ref()?, test, SCHEMA).await;
    Some(schema.expect("the server takes it"))
}

async fn sales(pool: &PgPool) -> i64 {
    let count = query_scalar("SELECT count(*) FROM sales").fetch_one(pool);
    count.await.expect("the table is there")
}

#[tokio::test(start_paused = true)]
async fn a_hundred_queries_take_as_many_rounds_as_the_pool_needs() {
    let hold = Hold::new();
    let Some(schema) = schema("pool_table").await else {
        return;
    };
    let max = schema.max_connections().await.expect("it answers");
    hold.release().await;
    common::a_hundred_queries_take_as_many_rounds_as_the_pool_needs::<Postgres>(
        schema.options(),
        max.saturating_sub(15),
    )
    .await;
    let _hold = Hold::new();
    schema.remove().await.expect("it is ours");
}

/// sqlx#4393: `begin` has sent its `BEGIN`, and waits for the answer. Dropped there, it sends no `ROLLBACK`. Whatever the
/// next caller stores on this connection is lost, unless somebody commits.
#[tokio::test]
async fn a_dropped_begin_leaves_its_transaction_open() {
    let Some(schema) = schema("dropped_begin").await else {
        return;
    };
    let (pool, other) = (schema.pool(1), schema.pool(1));
    drop_begin(&pool, &other).await.expect("it answers");
    // ANCHOR: lost
    let stored = query("INSERT INTO sales VALUES ('book 1')")
        .execute(&pool)
        .await;
    // ANCHOR_END: lost
    stored.expect("it says that it's stored");
    assert_eq!(
        sales(&other).await,
        0,
        "sqlx has mended it: say so on the page"
    );
    pool.close().await;
    assert_eq!(sales(&other).await, 0, "nobody has committed it");
    schema.remove().await.expect("it is ours");
}

// ANCHOR: in_a_task
/// A task isn't dropped with its handle: this comes to its end, whatever becomes of the caller.
async fn sold(pool: PgPool) -> sqlx::Result<()> {
    let sale = tokio::spawn(async move {
        let mut transaction = pool.begin().await?;
        query("UPDATE books SET copies = copies - 1 WHERE title = 'book 1'")
            .execute(&mut *transaction)
            .await?;
        query("INSERT INTO sales VALUES ('book 1')")
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await
    });
    sale.await.expect("it doesn't panic, and nobody aborts it")
}
// ANCHOR_END: in_a_task

#[tokio::test]
async fn a_transaction_in_a_task_of_its_own_leaves_nothing_open() {
    let Some(schema) = schema("in_a_task").await else {
        return;
    };
    let (pool, other) = (schema.pool(1), schema.pool(1));
    for polls in 1.. {
        let ended = polled(sold(pool.clone()), polls).await;
        // However slow the machine is, it comes to its end.
        let over = async {
            while sales(&other).await < polls as i64 {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(Duration::from_secs(60), over)
            .await
            .expect("the sale ends");
        query("UPDATE books SET copies = copies + 1 WHERE title = 'book 1'")
            .execute(&pool)
            .await
            .expect("the connection came back");
        if ended {
            break;
        }
    }
    let copies: i64 = query_scalar("SELECT copies FROM books WHERE title = 'book 1'")
        .fetch_one(&other)
        .await
        .expect("the table is there");
    assert_eq!(copies, 3);
    schema.remove().await.expect("it is ours");
}

/// What a transaction has read is out of date when it writes.
#[tokio::test]
async fn who_reads_before_writing_overwrites_or_is_refused() {
    let Some(schema) = schema("read_first").await else {
        return;
    };
    let pool = schema.pool(2);
    for (begin, refused) in [
        ("BEGIN", None),
        ("BEGIN ISOLATION LEVEL REPEATABLE READ", Some("40001")),
    ] {
        let mut transaction = pool.begin_with(begin).await.expect("it is there");
        let copies: i64 = query_scalar("SELECT copies FROM books WHERE title = 'book 1'")
            .fetch_one(&mut *transaction)
            .await
            .expect("the table is there");
        query("UPDATE books SET copies = 10 WHERE title = 'book 1'")
            .execute(&pool)
            .await
            .expect("nobody has locked it");
        let written = query("UPDATE books SET copies = $1 WHERE title = 'book 1'")
            .bind(copies - 1)
            .execute(&mut *transaction)
            .await;
        let code = written
            .err()
            .and_then(|error| Some(error.as_database_error()?.code()?.into_owned()));
        assert_eq!(code.as_deref(), refused, "{begin}");
    }
    schema.remove().await.expect("it is ours");
}

/// Two that lock the same rows in another order wait for each other, until the server gives up one of them.
#[tokio::test]
async fn two_transactions_that_lock_in_another_order_deadlock() {
    let Some(schema) = schema("deadlock").await else {
        return;
    };
    let pool = schema.pool(2);
    let take = async |transaction: &mut sqlx::PgConnection, title: &str| {
        query("UPDATE books SET copies = copies - 1 WHERE title = $1")
            .bind(title)
            .execute(transaction)
            .await
    };
    let (first, second) = tokio::join!(pool.begin(), pool.begin());
    let (mut first, mut second) = (first.expect("it is there"), second.expect("it is there"));
    take(&mut first, "book 1").await.expect("it is free");
    take(&mut second, "book 2").await.expect("it is free");
    let outcomes = tokio::join!(
        async {
            let outcome = take(&mut first, "book 2").await;
            first.rollback().await.expect("it is there");
            outcome
        },
        async {
            let outcome = take(&mut second, "book 1").await;
            second.rollback().await.expect("it is there");
            outcome
        }
    );
    let ((Ok(_), Err(error)) | (Err(error), Ok(_))) = outcomes else {
        panic!("one of them is refused: {outcomes:?}");
    };
    let code = error.as_database_error().and_then(|error| error.code());
    assert_eq!(code.as_deref(), Some("40P01"));
    schema.remove().await.expect("it is ours");
}

/// The pool runs a statement on each connection that comes back.
#[tokio::test]
async fn a_hook_can_end_what_was_left_open() {
    let Some(schema) = schema("hook").await else {
        return;
    };
    let mended = || {
        // ANCHOR: hook
        PgPoolOptions::new().after_release(|connection, _| {
            Box::pin(async move {
                // Outside a transaction, it's a warning in the server's log, and nothing else.
                query("ROLLBACK").execute(connection).await?;
                Ok(true)
            })
        })
        // ANCHOR_END: hook
    };
    for polls in 1.. {
        let pool = mended()
            .max_connections(1)
            .connect_lazy_with(schema.options());
        query("SELECT 1").execute(&pool).await.expect("it answers");
        let ended = polled(pool.begin(), polls).await;
        query("INSERT INTO sales VALUES ('book 1')")
            .execute(&pool)
            .await
            .expect("it answers");
        let other = schema.pool(1);
        assert_eq!(sales(&other).await, polls as i64);
        if ended {
            break;
        }
    }
    schema.remove().await.expect("it is ours");
}
