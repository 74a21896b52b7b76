//! Chapter 14 on servers: pools of several sizes, a query for each row beside a join, and a cache in front of a slow query.
//!
//! Here the server takes the time: `pg_sleep` and `SLEEP` keep a connection busy, as a slow query would.

use std::{process::ExitCode, time::Duration};

use futures::future::join_all;
use real_servers::{Server, Store};
use real_stores::{cache::cached, mysql::Database, postgres::Schema};
use sqlx::{PgPool, Pool, query, query_as, query_scalar};
use suite::{Suite, runtime};
use tokio::runtime::Runtime;

const QUERY: Duration = Duration::from_millis(50);
/// Queries that come at the same time.
const AT_ONCE: u32 = 20;
const SCHEMA: &str = "\
CREATE TABLE authors (id BIGINT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE books (id BIGINT PRIMARY KEY, title TEXT NOT NULL, author BIGINT NOT NULL);
INSERT INTO authors SELECT n, 'author ' || n FROM generate_series(1, 50) AS n;
INSERT INTO books SELECT n, 'book ' || n, n FROM generate_series(1, 50) AS n;
CREATE TABLE sales (title TEXT NOT NULL, cents BIGINT NOT NULL);
INSERT INTO sales SELECT 'book ' || n % 50, n FROM generate_series(1, 100000) AS n;
";

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    let runtime = runtime();
    // A pool starts a task of its own when it is made.
    let _entered = runtime.enter();
    if let Some(server) = server(Store::PostgreSql) {
        let schema = runtime.block_on(Schema::create(&server, "bench", SCHEMA));
        let schema = schema.expect("the server takes it");
        pools(
            suite,
            &runtime,
            "PostgreSQL",
            |connections| schema.pool(connections),
            async |pool| {
                let slept = query("SELECT pg_sleep(0.05)").execute(pool).await;
                slept.expect("the server is there");
            },
        );
        rows(suite, &runtime, &schema.pool(1));
        if let Some(redis) = self::server(Store::Redis) {
            cache(suite, &runtime, &schema.pool(1), &redis);
        }
        runtime.block_on(schema.remove()).expect("it is ours");
    }
    if let Some(server) = server(Store::MariaDb) {
        let database = runtime.block_on(Database::create(&server, "bench", "SELECT 1"));
        let database = database.expect("the server takes it");
        pools(
            suite,
            &runtime,
            "MariaDB",
            |connections| database.pool(connections),
            async |pool| {
                let slept = query("SELECT SLEEP(0.05)").execute(pool).await;
                slept.expect("the server is there");
            },
        );
        runtime.block_on(database.remove()).expect("it is ours");
    }
}

fn server(store: Store) -> Option<Server> {
    Server::of(store).expect("the server starts")
}

/// Makes a pool of each size, opens its connections, and has it run queries that take a time.
fn pools<DB: sqlx::Database>(
    suite: &mut Suite,
    runtime: &Runtime,
    server: &str,
    pool: impl Fn(u32) -> Pool<DB>,
    slow_query: impl AsyncFn(&Pool<DB>),
) {
    let name = format!("{AT_ONCE} queries of 50 ms on {server}");
    let mut ways = suite.scenario("14_databases", &name, 1, None);
    for connections in [1, 5, 20] {
        let pool = pool(connections);
        let opened = runtime.block_on(join_all((0..connections).map(|_| pool.acquire())));
        assert!(opened.iter().all(Result::is_ok), "the server is there");
        runtime.block_on(async { drop(opened) });
        let ideal = QUERY * AT_ONCE.div_ceil(connections);
        ways.way(&format!("pool of {connections}"), Some(ideal), |bencher| {
            let queries = || join_all((0..AT_ONCE).map(|_| slow_query(&pool)));
            bencher.to_async(runtime).iter(queries);
        });
    }
}

fn rows(suite: &mut Suite, runtime: &Runtime, pool: &PgPool) {
    let one_by_one = async || {
        let books = query_as::<_, (String, i64)>("SELECT title, author FROM books ORDER BY id");
        let mut titles: Vec<(String, String)> = Vec::new();
        for (title, author) in books.fetch_all(pool).await.expect("the table is there") {
            let name = query_scalar("SELECT name FROM authors WHERE id = $1").bind(author);
            titles.push((title, name.fetch_one(pool).await.expect("it is there")));
        }
        titles
    };
    let joined = async || {
        let join = "SELECT title, name FROM books JOIN authors ON authors.id = books.author ORDER BY books.id";
        let titles = query_as::<_, (String, String)>(join).fetch_all(pool).await;
        titles.expect("the tables are there")
    };
    assert_eq!(runtime.block_on(one_by_one()), runtime.block_on(joined()));
    suite
        .scenario(
            "14_databases",
            "50 rows with a name each, on PostgreSQL",
            1,
            None,
        )
        .way("a query for each", None, |bencher| {
            bencher.to_async(runtime).iter(one_by_one);
        })
        .way("a join", None, |bencher| {
            bencher.to_async(runtime).iter(joined);
        });
}

/// A sum over 100,000 rows, and the same out of Redis.
fn cache(suite: &mut Suite, runtime: &Runtime, pool: &PgPool, redis: &Server) {
    let client = redis::Client::open(redis.url()).expect("its URL is sound");
    let client = runtime.block_on(client.get_multiplexed_async_connection());
    let client = client.expect("the server is there");
    let sum = async || {
        let sum =
            query_scalar::<_, String>("SELECT sum(cents)::text FROM sales WHERE title = 'book 7'");
        sum.fetch_optional(pool).await
    };
    let asked = async || sum().await.expect("the table is there");
    let from_cache = async || {
        let sum = cached(&client, "async-workbook:sum", sum()).await;
        sum.expect("the table is there")
    };
    assert_eq!(runtime.block_on(asked()), runtime.block_on(from_cache()));
    suite
        .scenario("14_databases", "a sum over 100,000 rows", 1, None)
        .way("PostgreSQL each time", None, |bencher| {
            bencher.to_async(runtime).iter(asked);
        })
        .way("Redis in front", None, |bencher| {
            bencher.to_async(runtime).iter(from_cache);
        });
}
