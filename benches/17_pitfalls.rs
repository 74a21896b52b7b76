//! Chapter 17: the pitfalls whose symptom is speed, each wrong and right.

use std::{process::ExitCode, time::Duration};

use async_workbook::services::upstream::Upstream;
use futures::future::join_all;
use real_database::Database;
use real_services::http::OverHttp as _;
use reqwest::Client;
use sqlx::SqlitePool;
use suite::{Suite, runtime};
use tokio::{runtime::Runtime, task::spawn_blocking};

/// Requests that come at the same time.
const AT_ONCE: usize = 20;

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    let runtime = runtime();
    // A pool starts a task of its own when it is made.
    let _entered = runtime.enter();
    blocks_the_loop(suite, &runtime);
    sequential_calls(suite, &runtime);
    client_per_request(suite, &runtime);
    pool_per_request(suite, &runtime);
    connection_held(suite, &runtime);
}

/// A wrong and a right way to do the same. What would be ideal is known where it is waits that take the time.
fn pair(
    suite: &mut Suite,
    runtime: &Runtime,
    name: &str,
    ideal: Option<[Duration; 2]>,
    wrong: impl AsyncFn(),
    right: impl AsyncFn(),
) {
    let [ideal_wrong, ideal_right] = ideal.map_or([None, None], |ideal| ideal.map(Some));
    suite
        .scenario("17_pitfalls", name, 1, None)
        .way("wrong", ideal_wrong, |bencher| {
            bencher.to_async(runtime).iter(async || wrong().await);
        })
        .way("right", ideal_right, |bencher| {
            bencher.to_async(runtime).iter(async || right().await);
        });
}

fn loopback(runtime: &Runtime, path: &str, latency: Duration) -> Upstream {
    let upstream = Upstream::builder().page(path, latency).build();
    let remote = runtime.block_on(upstream.over_http());
    remote.expect("loopback is there")
}

/// Work that keeps its thread, as a blocking call does.
#[expect(clippy::disallowed_methods, reason = "it is what is measured")]
fn block() {
    std::thread::sleep(Duration::from_millis(25));
}

fn blocks_the_loop(suite: &mut Suite, runtime: &Runtime) {
    let wrong = async || {
        join_all((0..AT_ONCE).map(async |_| block())).await;
    };
    let right = async || {
        join_all((0..AT_ONCE).map(|_| spawn_blocking(block))).await;
    };
    let ideal = [500, 25].map(Duration::from_millis);
    pair(
        suite,
        runtime,
        "20 x 25 ms of a blocking call",
        Some(ideal),
        wrong,
        right,
    );
}

fn sequential_calls(suite: &mut Suite, runtime: &Runtime) {
    let upstream = loopback(runtime, "parts", Duration::from_millis(50));
    let wrong = async || {
        for _ in 0..3 {
            upstream.fetch("parts").await;
        }
    };
    let right = async || {
        join_all((0..3).map(|_| upstream.fetch("parts"))).await;
    };
    let ideal = [150, 50].map(Duration::from_millis);
    pair(
        suite,
        runtime,
        "3 x 50 ms over HTTP",
        Some(ideal),
        wrong,
        right,
    );
}

fn new_client() -> Client {
    let client = Client::builder().no_proxy().build();
    client.expect("a client without TLS needs nothing of the system")
}

async fn ask(client: &Client, url: &str) {
    let response = client.get(url).send().await.expect("loopback answers");
    response.text().await.expect("it is text");
}

fn client_per_request(suite: &mut Suite, runtime: &Runtime) {
    let upstream = loopback(runtime, "covers", Duration::ZERO);
    let url = format!("{}/covers", upstream.url().expect("it is over HTTP"));
    let client = new_client();
    let wrong = async || ask(&new_client(), &url).await;
    let right = async || ask(&client, &url).await;
    pair(suite, runtime, "a request over HTTP", None, wrong, right);
}

fn books(runtime: &Runtime) -> Database {
    let schema = "CREATE TABLE books (cents INTEGER); INSERT INTO books VALUES (1000);";
    let created = runtime.block_on(Database::create(schema));
    created.expect("there is a folder for temporary files")
}

async fn cents(pool: &SqlitePool) -> i64 {
    let cents = sqlx::query_scalar("SELECT cents FROM books").fetch_one(pool);
    cents.await.expect("there is a book")
}

fn pool_per_request(suite: &mut Suite, runtime: &Runtime) {
    let database = books(runtime);
    let pool = database.pool(4);
    let wrong = async || {
        let pool = database.pool(4);
        cents(&pool).await;
        pool.close().await;
    };
    let right = async || {
        cents(&pool).await;
    };
    pair(suite, runtime, "a query", None, wrong, right);
    runtime.block_on(pool.close());
}

fn connection_held(suite: &mut Suite, runtime: &Runtime) {
    let database = books(runtime);
    let pool = database.pool(4);
    let rates = loopback(runtime, "rates", Duration::from_millis(50));
    let wrong = async || {
        let quotes = (0..AT_ONCE).map(async |_| {
            let mut connection = pool.acquire().await.expect("it comes in time");
            let cents: i64 = sqlx::query_scalar("SELECT cents FROM books")
                .fetch_one(&mut *connection)
                .await
                .expect("there is a book");
            rates.fetch("rates").await;
            cents
        });
        join_all(quotes).await;
    };
    let right = async || {
        let quotes = (0..AT_ONCE).map(async |_| {
            let cents = cents(&pool).await;
            rates.fetch("rates").await;
            cents
        });
        join_all(quotes).await;
    };
    let ideal = [250, 50].map(Duration::from_millis);
    pair(
        suite,
        runtime,
        "20 quotes over a pool of 4, a call of 50 ms each",
        Some(ideal),
        wrong,
        right,
    );
    runtime.block_on(pool.close());
}
