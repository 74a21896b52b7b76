//! What is left of a function's work once its caller has given up on it.

use async_workbook::services::upstream::Upstream;
use futures::future::join_all;
use tokio::{
    task::{JoinSet, yield_now},
    time::{sleep, timeout},
};

use crate::call::ms;

// ANCHOR: ways
async fn joined(upstream: &Upstream) {
    tokio::join!(upstream.fetch("orders"), upstream.fetch("stats"));
}

async fn in_a_set(upstream: &Upstream) {
    let mut set = JoinSet::new();
    for path in ["orders", "stats"] {
        let upstream = upstream.clone();
        set.spawn(async move { upstream.fetch(path).await });
    }
    set.join_all().await;
}

async fn spawned(upstream: &Upstream) {
    let tasks = ["orders", "stats"].map(|path| {
        let upstream = upstream.clone();
        tokio::spawn(async move { upstream.fetch(path).await })
    });
    join_all(tasks).await;
}
// ANCHOR_END: ways

fn upstream() -> Upstream {
    Upstream::builder()
        .page("orders", ms(500))
        .page("stats", ms(500))
        .build()
}

/// How many calls are in flight after the caller has given up at 0.1 s.
async fn left_by(work: impl AsyncFnOnce(&Upstream)) -> usize {
    let upstream = upstream();
    let outcome = timeout(ms(100), work(&upstream)).await;
    assert!(outcome.is_err(), "the calls take longer");
    yield_now().await; // An aborted task ends at its next turn.
    upstream.in_flight()
}

#[tokio::test(start_paused = true)]
async fn what_is_joined_or_in_a_set_ends_with_its_function_and_what_is_spawned_does_not() {
    // ANCHOR: left
    assert_eq!(left_by(joined).await, 0);
    assert_eq!(left_by(in_a_set).await, 0);
    assert_eq!(left_by(spawned).await, 2);
    // ANCHOR_END: left
}

#[tokio::test(start_paused = true)]
async fn a_set_aborts_its_tasks_when_it_is_dropped_and_shutdown_waits_for_them() {
    let upstream = upstream();
    let set = || {
        let mut set = JoinSet::new();
        let upstream = upstream.clone();
        set.spawn(async move { upstream.fetch("orders").await });
        set
    };
    let dropped = set();
    sleep(ms(100)).await;
    drop(dropped);
    assert_eq!(upstream.in_flight(), 1, "it is aborted, and has not ended");
    yield_now().await;
    assert_eq!(upstream.in_flight(), 0);

    let mut shut_down = set();
    sleep(ms(100)).await;
    assert_eq!(upstream.in_flight(), 1);
    shut_down.shutdown().await;
    assert_eq!(upstream.in_flight(), 0);
}
