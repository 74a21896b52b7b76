//! Chapter 14.

use std::time::Duration;

use futures::{
    FutureExt as _,
    future::{join_all, try_join_all},
};
use real_database::{Database, paced::Paced, statements};
use sqlx::{Executor as _, SqlitePool, query, query_scalar, sqlite::SqlitePoolOptions};

use crate::time;

const ACCOUNTS: &str = "CREATE TABLE accounts (cents INTEGER); INSERT INTO accounts VALUES (100);";

async fn database() -> Database {
    Database::create(ACCOUNTS).await.expect("SQLite takes it")
}

#[tokio::test(start_paused = true)]
async fn three_queries() {
    let database = database().await;
    let millis = Duration::from_millis;
    let pool = Paced::open(&database, 5, millis(10)).await;
    let pool = &pool.expect("it is there");
    let requests = (0..50).map(|_| async move {
        for _ in 0..3 {
            let cents = pool.query("SELECT cents FROM accounts").await;
            assert_eq!(cents.expect("it answers"), 100);
        }
    });
    assert_eq!(time(join_all(requests)).await, millis(300));
}

/// The commit is dropped before it's polled, or once it has been carried out.
#[tokio::test]
async fn dropped_at_the_commit() {
    let database = database().await;
    let pool = database.pool(1);
    let cents = async || -> i64 {
        let cents = query_scalar("SELECT cents FROM accounts").fetch_one(&pool);
        cents.await.expect("it answers")
    };
    let spend = async || {
        let mut transaction = pool.begin().await.expect("it begins");
        let spent = query("UPDATE accounts SET cents = 0").execute(&mut *transaction);
        spent.await.expect("it is done");
        transaction
    };
    drop(spend().await.commit());
    assert_eq!(cents().await, 100);
    // Polled once, it's under way. It may be over before it's dropped, or not.
    let over = spend().await.commit().now_or_never();
    assert!([0, 100].contains(&cents().await));
    // Whoever waits for it knows.
    if over.is_none() {
        spend().await.commit().await.expect("it commits");
    }
    assert_eq!(cents().await, 0);
}

async fn small_pool(database: &Database, connections: u32) -> SqlitePool {
    let options = SqlitePoolOptions::new().max_connections(connections);
    // Long enough for each attempt to end, and no longer than a test may take.
    let options = options.acquire_timeout(Duration::from_millis(500));
    options.connect_lazy_with(database.options())
}

#[tokio::test]
async fn query_in_a_transaction() {
    let database = database().await;
    for (requests, stuck) in [(4, false), (5, true)] {
        let pool = &small_pool(&database, 5).await;
        let all_have_begun = &tokio::sync::Barrier::new(requests);
        let all = (0..requests).map(|_| async move {
            let _transaction = pool.begin().await?;
            all_have_begun.wait().await;
            let cents: i64 = query_scalar("SELECT cents FROM accounts")
                .fetch_one(pool)
                .await?;
            Ok(cents)
        });
        let all: Result<Vec<i64>, sqlx::Error> = try_join_all(all).await;
        match all {
            Err(sqlx::Error::PoolTimedOut) => assert!(stuck),
            all => assert!(!stuck && all.is_ok(), "{requests}: {all:?}"),
        }
    }
}

#[tokio::test]
async fn begin_by_hand() {
    let database = database().await;
    let pool = small_pool(&database, 2).await;
    query("BEGIN").execute(&pool).await.expect("it is text");
    // Somebody else has the connection with the transaction now.
    let mut one = pool.acquire().await.expect("there are two");
    let mut other = pool.acquire().await.expect("there are two");
    let begun = |done: &Result<_, sqlx::Error>| done.is_err();
    let again = [
        one.execute("BEGIN").await.map(drop),
        other.execute("BEGIN").await.map(drop),
    ];
    let refused = again.iter().filter(|done| begun(done)).count();
    assert_eq!(refused, 1, "one of the two was in a transaction: {again:?}");
}

#[tokio::test]
async fn locked_at_once() {
    let database = database().await;
    let (pool, other) = (database.pool(1), database.pool(1));
    let mut transaction = pool.begin().await.expect("it begins");
    let cents: i64 = query_scalar("SELECT cents FROM accounts")
        .fetch_one(&mut *transaction)
        .await
        .expect("it answers");
    assert_eq!(cents, 100);
    let written = query("UPDATE accounts SET cents = 50").execute(&other);
    written.await.expect("nobody else writes");
    let update = query("UPDATE accounts SET cents = 0").execute(&mut *transaction);
    let error = update.await.expect_err("what it has read is out of date");
    let error = error.into_database_error().expect("SQLite says so");
    assert_eq!(error.message(), "database is locked");
    assert_eq!(error.code().as_deref(), Some("517"), "SQLITE_BUSY_SNAPSHOT");
    drop(transaction);
    // A transaction that writes first is fine.
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await.expect("it begins");
    let update = query("UPDATE accounts SET cents = cents - 50").execute(&mut *transaction);
    update.await.expect("it has the lock");
    transaction.commit().await.expect("it commits");
}

#[tokio::test]
async fn customers_of_orders() {
    statements::watch();
    let schema = "CREATE TABLE orders (customer INTEGER);
        CREATE TABLE customers (id INTEGER, name TEXT);
        WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20)
        INSERT INTO orders SELECT n FROM n;
        INSERT INTO customers SELECT customer, 'Ada' FROM orders;";
    let database = Database::create(schema).await.expect("SQLite takes it");
    let pool = database.pool(2);
    let orders: Vec<i64> = query_scalar("SELECT customer FROM orders")
        .fetch_all(&pool)
        .await
        .expect("it answers");
    let names = orders.iter().map(|id| {
        query_scalar::<_, String>("SELECT name FROM customers WHERE id = ?")
            .bind(id)
            .fetch_one(&pool)
    });
    let names = try_join_all(names).await.expect("they answer");
    assert_eq!(names.len(), 20);
    pool.close().await;
    assert_eq!(database.statements().len(), 21);
}
