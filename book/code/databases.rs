//! What the page of chapter 14 shows besides its lesson.

use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

use async_workbook::clock::Hold;
use axum::{Router, extract::State, http::StatusCode, routing::get};
use futures::{Stream, TryStreamExt as _, stream};
use real_database::{Database, statements};
use sqlx::{
    SqlitePool, query, query_as, query_scalar,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

const SCHEMA: &str = "
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE books (title TEXT NOT NULL, author INTEGER NOT NULL, copies INTEGER NOT NULL);
CREATE TABLE sales (title TEXT NOT NULL);
INSERT INTO authors VALUES (0, 'Jane Austen'), (1, 'Mary Shelley');
WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10)
INSERT INTO books SELECT 'book ' || n, n % 2, 3 FROM n;";

async fn database() -> Database {
    Database::create(SCHEMA).await.expect("SQLite takes it")
}

// ANCHOR: state
async fn service(database: SqliteConnectOptions) -> sqlx::Result<Router> {
    let pool = SqlitePoolOptions::new()
        .max_connections(5)
        // How long a request waits for a connection before it fails.
        .acquire_timeout(Duration::from_secs(3))
        // Opens one now, so a database that isn't there is an error of the start.
        .connect_with(database)
        .await?;
    // A pool is a handle: its clones share the connections.
    Ok(Router::new().route("/copies", get(copies)).with_state(pool))
}

async fn copies(State(pool): State<SqlitePool>) -> Result<String, StatusCode> {
    let copies = query_scalar::<_, i64>("SELECT sum(copies) FROM books").fetch_one(&pool);
    match copies.await {
        Ok(copies) => Ok(copies.to_string()),
        Err(sqlx::Error::PoolTimedOut) => Err(StatusCode::SERVICE_UNAVAILABLE),
        Err(_) => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}
// ANCHOR_END: state

#[tokio::test]
async fn handlers_share_the_pool_of_the_state() {
    use tower::ServiceExt as _;
    let database = database().await;
    let app = service(database.options()).await.expect("it opens");
    let asked = (0..20).map(|_| {
        let request = axum::http::Request::get("/copies").body(axum::body::Body::empty());
        app.clone().oneshot(request.expect("it is sound"))
    });
    for response in futures::future::join_all(asked).await {
        assert_eq!(response.expect("it answers").status(), StatusCode::OK);
    }
    assert!(database.opened() <= 5, "{}", database.opened());
}

// ANCHOR: one_by_one
async fn one_by_one(pool: &SqlitePool) -> sqlx::Result<Vec<(String, String)>> {
    let books = query_as::<_, (String, i64)>("SELECT title, author FROM books");
    let mut titles = Vec::new();
    for (title, author) in books.fetch_all(pool).await? {
        let name = query_scalar("SELECT name FROM authors WHERE id = ?").bind(author);
        titles.push((title, name.fetch_one(pool).await?));
    }
    Ok(titles)
}
// ANCHOR_END: one_by_one

// ANCHOR: joined
async fn joined(pool: &SqlitePool) -> sqlx::Result<Vec<(String, String)>> {
    query_as("SELECT title, name FROM books JOIN authors ON authors.id = books.author")
        .fetch_all(pool)
        .await
}
// ANCHOR_END: joined

#[tokio::test]
async fn ten_titles_need_eleven_queries_or_one() {
    statements::watch();
    let database = database().await;
    let mut counts = Vec::new();
    let mut found = Vec::new();
    for joins in [false, true] {
        let pool = database.pool(1);
        found.push(match joins {
            true => joined(&pool).await.expect("it answers"),
            false => one_by_one(&pool).await.expect("it answers"),
        });
        pool.close().await;
        counts.push(database.statements().len());
        database.forget_statements();
    }
    assert_eq!(counts, [11, 1]);
    assert_eq!(found[0], found[1]);
}

// ANCHOR: stream
/// Adds up the copies, one row at a time. The stream keeps its connection until it's dropped.
async fn counted(pool: &SqlitePool) -> sqlx::Result<i64> {
    let mut rows = query_scalar::<_, i64>("SELECT copies FROM books").fetch(pool);
    let mut sum = 0;
    while let Some(copies) = rows.try_next().await? {
        sum += copies; // A query on the pool here would need a second connection.
    }
    Ok(sum)
}
// ANCHOR_END: stream

#[tokio::test]
async fn a_stream_of_rows_keeps_its_connection() {
    let database = database().await;
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_millis(200))
        .connect_lazy_with(database.options());
    assert_eq!(counted(&pool).await.expect("it answers"), 30);
    let mut rows = query_scalar::<_, i64>("SELECT copies FROM books").fetch(&pool);
    let first = rows.try_next().await.expect("it answers");
    assert_eq!(first, Some(3));
    let second = query("SELECT 1").execute(&pool).await;
    assert!(
        matches!(second, Err(sqlx::Error::PoolTimedOut)),
        "{second:?}"
    );
    drop(rows);
    query("SELECT 1").execute(&pool).await.expect("it is back");
}

// ANCHOR: cursor
/// All documents, in batches of a hundred. The next batch is fetched when its reader wants it, and between two batches no
/// connection is held.
fn documents(pool: &SqlitePool) -> impl Stream<Item = sqlx::Result<String>> {
    let batches = stream::try_unfold(0, move |last| async move {
        let query = "SELECT id, document FROM documents WHERE id > ? ORDER BY id LIMIT 100";
        let batch: Vec<(i64, String)> = query_as(query).bind(last).fetch_all(pool).await?;
        let Some((last, _)) = batch.last() else {
            return Ok::<_, sqlx::Error>(None);
        };
        let last = *last;
        let documents = batch.into_iter().map(|(_, document)| Ok(document));
        Ok(Some((stream::iter(documents), last)))
    });
    batches.try_flatten()
}
// ANCHOR_END: cursor

#[tokio::test]
async fn a_cursor_fetches_what_is_wanted_and_holds_no_connection() {
    statements::watch();
    let database = Database::create(
        "CREATE TABLE documents (id INTEGER PRIMARY KEY, document TEXT NOT NULL);
         WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 250)
         INSERT INTO documents SELECT n, json_object('n', n) FROM n;",
    )
    .await
    .expect("SQLite takes it");
    for (wanted, batches) in [
        (0, vec![]),
        (120, vec![100, 100]),
        (999, vec![100, 100, 50, 0]),
    ] {
        let pool = database.pool(1);
        let mut found = 0;
        {
            let mut documents = pin!(documents(&pool));
            while found < wanted
                && let Some(document) = documents.try_next().await.expect("it answers")
            {
                found += 1;
                let document: serde_json::Value =
                    serde_json::from_str(&document).expect("it is JSON");
                assert_eq!(document["n"], found);
                if found % 50 == 0 {
                    // A pool of one, and it's free.
                    let one: i64 = query_scalar("SELECT 1")
                        .fetch_one(&pool)
                        .await
                        .expect("it is free");
                    assert_eq!(one, 1);
                }
            }
        }
        assert_eq!(found, wanted.min(250));
        pool.close().await;
        let mut asked = database.statements();
        asked.retain(|statement| statement.sql.contains("documents"));
        let rows: Vec<_> = asked.iter().map(|statement| statement.returned).collect();
        assert_eq!(rows, batches);
        database.forget_statements();
    }
}

// ANCHOR: checked_in_the_statement
async fn sell(pool: &SqlitePool, title: &str) -> sqlx::Result<bool> {
    let mut transaction = pool.begin().await?;
    // The check and the change are one statement: nothing can come between them.
    let sold = query("UPDATE books SET copies = copies - 1 WHERE title = ? AND copies > 0")
        .bind(title)
        .execute(&mut *transaction)
        .await?;
    if sold.rows_affected() == 0 {
        return Ok(false); // Sold out, or unknown. The transaction rolls back.
    }
    query("INSERT INTO sales VALUES (?)")
        .bind(title)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(true)
}
// ANCHOR_END: checked_in_the_statement

/// Drops a sale at each of its polls, over and over, and looks at what is stored.
#[tokio::test]
async fn a_dropped_sale_is_stored_whole_or_not_at_all() {
    let database = database().await;
    let hold = Hold::new();
    let (pool, other) = (database.pool(1), database.pool(1));
    let (mut nothing, mut stored) = (0, 0);
    for round in 0..6 {
        for polls in 1.. {
            query("DELETE FROM sales")
                .execute(&pool)
                .await
                .expect("it is free");
            query("UPDATE books SET copies = 3")
                .execute(&pool)
                .await
                .expect("it is free");
            let mut left = polls;
            let ended = {
                let mut sale = pin!(sell(&pool, "book 1"));
                poll_fn(|context| {
                    // In every other round, what it waits for has come by the time it's dropped.
                    if left == 0 {
                        return Poll::Ready(false);
                    }
                    left -= 1;
                    match sale.as_mut().poll(context) {
                        Poll::Ready(sold) => Poll::Ready(sold.is_ok()),
                        Poll::Pending if left == 0 && round % 2 == 0 => Poll::Ready(false),
                        Poll::Pending => Poll::Pending,
                    }
                })
                .await
            };
            let back = hold.until(|| pool.num_idle() == pool.size() as usize).await;
            assert!(back, "the connection comes back");
            let copies: i64 = query_scalar("SELECT copies FROM books WHERE title = 'book 1'")
                .fetch_one(&other)
                .await
                .expect("it answers");
            let sales: i64 = query_scalar("SELECT count(*) FROM sales")
                .fetch_one(&other)
                .await
                .expect("it answers");
            assert_eq!(copies, 3 - sales, "torn after {polls} polls");
            if ended {
                assert_eq!(sales, 1);
                break;
            }
            match sales {
                0 => nothing += 1,
                _ => stored += 1,
            }
        }
    }
    println!("{nothing} dropped sales left nothing, {stored} were stored, none was torn");
    assert!(nothing > 0);
}

// ANCHOR: immediate
async fn restocked(pool: &SqlitePool) -> sqlx::Result<()> {
    // Takes SQLite's lock for writers before anything is read.
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let copies: i64 = query_scalar("SELECT min(copies) FROM books")
        .fetch_one(&mut *transaction)
        .await?;
    query("UPDATE books SET copies = ? WHERE copies < ?")
        .bind(copies + 1)
        .bind(copies + 1)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}
// ANCHOR_END: immediate

#[tokio::test]
async fn a_transaction_that_takes_the_lock_first_may_read_first() {
    let database = database().await;
    let pool = database.pool(5);
    let calls = (0..5).map(|_| restocked(&pool));
    let all = futures::future::try_join_all(calls).await;
    all.expect("each waits for the one before");
    let copies: i64 = query_scalar("SELECT min(copies) FROM books")
        .fetch_one(&pool)
        .await
        .expect("it answers");
    assert_eq!(copies, 8);
}
