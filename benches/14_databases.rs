//! Chapter 14: pools of several sizes, a query for each row beside a join, and a cache that has just lost its entry.
//!
//! SQLite answers these queries in microseconds, as no server would. In the first and the last scenario, each query keeps
//! its connection for 50 ms.

use std::{process::ExitCode, time::Duration};

use futures::future::join_all;
use real_database::Database;
use sqlx::{SqlitePool, query_as, query_scalar};
use suite::{Suite, runtime};
use tokio::{runtime::Runtime, sync::OnceCell, time::sleep};

const QUERY: Duration = Duration::from_millis(50);
/// Queries, or callers, that come at the same time.
const AT_ONCE: u32 = 20;
const SCHEMA: &str = "\
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE books (title TEXT NOT NULL, author INTEGER NOT NULL);
WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 50)
INSERT INTO authors SELECT n, 'author ' || n FROM n;
INSERT INTO books SELECT 'book ' || id, id FROM authors;
";

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    let runtime = runtime();
    // A pool starts a task of its own when it is made.
    let _entered = runtime.enter();
    let database = runtime.block_on(Database::create(SCHEMA));
    let database = database.expect("there is a folder for temporary files");
    pools(suite, &runtime, &database);
    rows(suite, &runtime, &database);
    expired(suite, &runtime, &database);
}

/// A pool whose connections are open before anything is measured.
fn opened(runtime: &Runtime, database: &Database, connections: u32) -> SqlitePool {
    let pool = database.pool(connections);
    let opened = (0..connections).map(|_| pool.acquire());
    let opened = runtime.block_on(join_all(opened));
    assert!(opened.iter().all(Result::is_ok), "the file is there");
    runtime.block_on(async {
        drop(opened);
        while pool.num_idle() < connections as usize {
            tokio::task::yield_now().await;
        }
    });
    pool
}

/// A query that keeps its connection for a time.
async fn slow_query(pool: &SqlitePool) -> i64 {
    let mut connection = pool.acquire().await.expect("it is a short wait");
    let count = query_scalar("SELECT count(*) FROM books").fetch_one(&mut *connection);
    let count = count.await.expect("the table is there");
    sleep(QUERY).await;
    count
}

fn pools(suite: &mut Suite, runtime: &Runtime, database: &Database) {
    let source = Some("1 s, or 50 ms");
    let mut ways = suite.scenario("14_databases", "20 queries of 50 ms", 1, source);
    for connections in [1, 5, 20] {
        let pool = opened(runtime, database, connections);
        let ideal = QUERY * AT_ONCE.div_ceil(connections);
        let name = format!("pool of {connections}");
        ways.way(&name, Some(ideal), |bencher| {
            let queries = || join_all((0..AT_ONCE).map(|_| slow_query(&pool)));
            bencher.to_async(runtime).iter(queries);
        });
    }
}

fn rows(suite: &mut Suite, runtime: &Runtime, database: &Database) {
    let pool = opened(runtime, database, 1);
    let one_by_one = async || {
        let books: Vec<(String, i64)> = query_as("SELECT title, author FROM books")
            .fetch_all(&pool)
            .await
            .expect("the table is there");
        let mut titles: Vec<(String, String)> = Vec::new();
        for (title, author) in books {
            let name = query_scalar("SELECT name FROM authors WHERE id = ?").bind(author);
            titles.push((title, name.fetch_one(&pool).await.expect("it is there")));
        }
        titles
    };
    let joined = async || {
        let join = "SELECT title, name FROM books JOIN authors ON authors.id = books.author";
        let titles: Vec<(String, String)> = query_as(join)
            .fetch_all(&pool)
            .await
            .expect("the tables are there");
        titles
    };
    suite
        .scenario("14_databases", "50 rows with a name each", 1, None)
        .way("a query for each", None, |bencher| {
            bencher.to_async(runtime).iter(one_by_one);
        })
        .way("a join", None, |bencher| {
            bencher.to_async(runtime).iter(joined);
        });
}

/// All callers want what the cache has just lost.
fn expired(suite: &mut Suite, runtime: &Runtime, database: &Database) {
    const CONNECTIONS: u32 = 5;
    let pool = opened(runtime, database, CONNECTIONS);
    let each_asks = async || join_all((0..AT_ONCE).map(|_| slow_query(&pool))).await;
    let one_asks = async || {
        let lookup = OnceCell::new();
        join_all((0..AT_ONCE).map(|_| async { *lookup.get_or_init(|| slow_query(&pool)).await }))
            .await
    };
    let name = "20 callers miss the same entry, pool of 5";
    suite
        .scenario("14_databases", name, 1, None)
        .way(
            "each asks",
            Some(QUERY * AT_ONCE / CONNECTIONS),
            |bencher| {
                bencher.to_async(runtime).iter(each_asks);
            },
        )
        .way("the first asks", Some(QUERY), |bencher| {
            bencher.to_async(runtime).iter(one_asks);
        });
}
