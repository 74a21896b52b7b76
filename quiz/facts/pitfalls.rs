//! Chapter 17.

use std::{io, time::Duration};

use futures::{StreamExt as _, future::join_all, stream};
use real_database::Database;
use sqlx::sqlite::SqlitePoolOptions;
use tokio::{sync::Semaphore, task::JoinSet, time::sleep};

use crate::time;

/// Long enough for each attempt to end, and no longer than a test may take.
const ACQUIRE_TIMEOUT: Duration = Duration::from_millis(500);

#[tokio::test]
async fn idle_database() {
    let database = Database::create("CREATE TABLE books (cents INTEGER);").await;
    let database = database.expect("SQLite takes it");
    let pool = SqlitePoolOptions::new()
        .max_connections(2)
        .connect_lazy_with(database.options());
    let _held = [
        pool.acquire().await.expect("there is one"),
        pool.acquire().await.expect("there is another one"),
    ];
    // By now, the connections are open. Whoever wants a third waits for 30 s.
    tokio::time::pause();
    let error = pool.acquire().await.expect_err("all are held");
    assert!(matches!(error, sqlx::Error::PoolTimedOut), "{error}");
    assert_eq!((pool.size(), database.opened()), (2, 2));
}

#[tokio::test]
async fn pool_timed_out() {
    let database = Database::create("CREATE TABLE books (cents INTEGER);").await;
    let database = database.expect("SQLite takes it");
    // As a database that refuses connections: sqlx tries again until the time is up.
    let refused = || sqlx::Error::Io(io::ErrorKind::ConnectionRefused.into());
    let pool = SqlitePoolOptions::new()
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .after_connect(move |_, _| Box::pin(async move { Err(refused()) }))
        .connect_lazy_with(database.options());
    let error = pool.acquire().await.expect_err("no connection is made");
    assert!(matches!(error, sqlx::Error::PoolTimedOut), "{error}");
    assert_eq!(pool.size(), 0, "none is left");
}

#[tokio::test(start_paused = true)]
async fn like_stairs() {
    async fn fetch(millis: u64) -> u64 {
        sleep(Duration::from_millis(millis)).await;
        millis
    }
    let parts = [120, 80, 100];
    let millis = Duration::from_millis;

    let then = stream::iter(parts).then(fetch).collect::<Vec<_>>();
    assert_eq!(time(then).await, millis(300));
    let buffered = stream::iter(parts).map(fetch).buffered(3);
    assert_eq!(time(buffered.collect::<Vec<_>>()).await, millis(120));
    assert_eq!(time(join_all(parts.map(fetch))).await, millis(120));
    let tasks = parts.map(fetch).into_iter().collect::<JoinSet<_>>();
    assert_eq!(time(tasks.join_all()).await, millis(120));
}

#[tokio::test(start_paused = true)]
async fn try_join_on_a_page() {
    let part = async |millis: u64, works: bool| {
        sleep(Duration::from_millis(millis)).await;
        if works { Ok(millis) } else { Err("refused") }
    };
    let page = async { tokio::try_join!(part(100, true), part(200, false), part(300, true)) };
    assert_eq!(page.await, Err("refused"));
}

#[tokio::test(start_paused = true)]
async fn larger_pool() {
    let answered = async |connections: usize, held: bool| {
        let pool = &Semaphore::new(connections);
        let request = async move || {
            let connection = pool.acquire().await.expect("nobody closes it");
            sleep(Duration::from_millis(2)).await;
            let _connection = held.then_some(connection);
            sleep(Duration::from_millis(200)).await;
        };
        let took = time(join_all((0..10_000).map(|_| request()))).await;
        10_000.0 / took.as_secs_f64()
    };
    let nearly = |rate: f64, right: f64| (0.9 * right..=right).contains(&rate);
    assert!(nearly(answered(10, true).await, 50.0));
    assert!(nearly(answered(20, true).await, 100.0));
    assert!(nearly(answered(10, false).await, 5000.0));
}
