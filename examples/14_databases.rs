//! Databases: the pool is the limit.
//!
//! A pool lends a few connections to many callers, and whoever finds none waits. So what counts is how long each
//! caller keeps its connection, and what becomes of its work if it goes away halfway.
//!
//!     cargo run --example 14_databases
//!
//! makes a hundred queries at once on a real SQLite file, through pools of six sizes, and prints lines such as
//!
//!     pool of  20     50 ms
//!
//! Then it draws three quotes that hold their connection during a call (0.6 s), or don't (0.3 s), and drops a sale
//! halfway, outside a transaction and in one. SQLite alone is too fast to be seen, so in the first two parts each
//! query keeps its connection for a time. With `WORKBOOK_CLOCK=virtual`, every figure is exact.

use std::{error::Error, future::pending, time::Duration};

use async_workbook::{
    clock::{Clock, Hold, Readable, timed},
    services::upstream::Upstream,
    timeline::Recorder,
};
use futures::future::{join_all, try_join_all};
use real_database::{Database, paced::Paced};
use sqlx::{Result, SqliteConnection, SqlitePool, query, query_scalar};
use tokio::{select, sync::Notify};

const MS: Duration = Duration::from_millis(1);
const SCHEMA: &str = "CREATE TABLE books (title TEXT NOT NULL, copies INTEGER NOT NULL);
    CREATE TABLE sales (title TEXT NOT NULL);
    INSERT INTO books VALUES ('book 1', 3);";

fn main() -> std::result::Result<(), Box<dyn Error>> {
    Ok(Clock::from_env()?.runtime()?.block_on(lesson())?)
}

async fn lesson() -> Result<()> {
    let recorder = Recorder::new();
    let _attached = recorder.attach();
    let database = Database::create(SCHEMA).await?;
    println!("A hundred queries of 10 ms, all at once:\n");
    for connections in [1, 5, 10, 20, 50, 100] {
        let pool = Paced::open(&database, connections, 10 * MS).await?;
        // ANCHOR: pool
        // All of them are polled at once. Those that find no connection wait for one.
        let queries = (0..100).map(|_| pool.query("SELECT count(*) FROM books"));
        let (_, took) = timed(join_all(queries)).await;
        // ANCHOR_END: pool
        println!("    pool of {connections:3} {:>9}", Readable(took));
    }
    let pool = Paced::open(&database, 1, 50 * MS).await?;
    let rates = Upstream::builder().page("rate", 100 * MS).build();
    let quotes = (0..3).map(|_| held(&pool, &rates));
    let (_, timeline) = recorder.watch(try_join_all(quotes)).await;
    println!("\nThree quotes, one connection, held during the call:\n\n{timeline}");
    let quotes = (0..3).map(|_| given_back(&pool, &rates));
    let (_, timeline) = recorder.watch(try_join_all(quotes)).await;
    println!("Three quotes, one connection, given back before the call:\n\n{timeline}");
    // From here on, the only waits are for SQLite.
    let _hold = Hold::new();
    let pool = database.pool(1);
    let gone = Notify::new();
    let mut connection = pool.acquire().await?;
    select! { sold = sale(&mut connection, &gone) => sold?, () = gone.notified() => {} }
    drop(connection);
    println!("A sale dropped halfway: {}", stock(&pool).await?);
    query("UPDATE books SET copies = 3").execute(&pool).await?;
    select! { sold = in_a_transaction(&pool, &gone) => sold?, () = gone.notified() => {} }
    println!("The same in a transaction: {}", stock(&pool).await?);
    Ok(())
}

// ANCHOR: quotes
async fn held(pool: &Paced, rates: &Upstream) -> Result<i64> {
    let mut connection = pool.acquire().await?;
    let copies = connection.query("SELECT copies FROM books").await?;
    rates.fetch("rate").await;
    connection.query("SELECT count(*) FROM sales").await?;
    connection.give_back().await;
    Ok(copies)
}

async fn given_back(pool: &Paced, rates: &Upstream) -> Result<i64> {
    // Each query takes a connection and gives it back. None is held in between.
    let copies = pool.query("SELECT copies FROM books").await?;
    rates.fetch("rate").await;
    pool.query("SELECT count(*) FROM sales").await?;
    Ok(copies)
}
// ANCHOR_END: quotes

// ANCHOR: sales
async fn sale(connection: &mut SqliteConnection, gone: &Notify) -> Result<()> {
    let sell = query("UPDATE books SET copies = copies - 1 WHERE title = 'book 1'");
    sell.execute(&mut *connection).await?;
    // The customer hangs up at this `.await`, and whoever polls this future drops it.
    gone.notify_one();
    pending::<()>().await;
    let record = query("INSERT INTO sales VALUES ('book 1')");
    record.execute(connection).await?;
    Ok(())
}

async fn in_a_transaction(pool: &SqlitePool, gone: &Notify) -> Result<()> {
    let mut transaction = pool.begin().await?;
    sale(&mut transaction, gone).await?;
    // Whatever is dropped before this line is taken back.
    transaction.commit().await
}
// ANCHOR_END: sales

async fn stock(pool: &SqlitePool) -> Result<String> {
    let copies: i64 = query_scalar("SELECT copies FROM books WHERE title = 'book 1'")
        .fetch_one(pool)
        .await?;
    let sales: i64 = query_scalar("SELECT count(*) FROM sales")
        .fetch_one(pool)
        .await?;
    Ok(format!("{copies} of 3 copies left, {sales} sales"))
}
