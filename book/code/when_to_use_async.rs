//! What the page on when to use async says of threads, of latency, and of limits.

use std::{num::NonZeroUsize, sync::Barrier, thread, time::Duration};

use futures::{StreamExt, stream};

use crate::call::{Page, fetch, ms, timed};

// ANCHOR: plain_inside
/// Waits, and leaves the rest to a plain function.
async fn report() -> String {
    let (users, posts) = tokio::join!(fetch("users", 500), fetch("posts", 300));
    summary(&[users, posts])
}

/// Computes, and waits for nothing.
fn summary(pages: &[Page]) -> String {
    let letters: usize = pages.iter().map(|page| page.len()).sum();
    format!("{} pages, {letters} letters", pages.len())
}
// ANCHOR_END: plain_inside

// ANCHOR: threads
fn three_pages(fetch: impl Fn(&str) -> String + Sync) -> [String; 3] {
    thread::scope(|scope| {
        ["users", "posts", "comments"]
            .map(|path| scope.spawn(|| fetch(path)))
            .map(|call| call.join().expect("the call does not panic"))
    })
}
// ANCHOR_END: threads

// ANCHOR: limit
/// How long so many requests of the same latency take, if no more than a limit are under way.
async fn requests_take(number: usize, latency: u64, limit: NonZeroUsize) -> Duration {
    let all = stream::iter(0..number)
        .map(|_| fetch("users", latency))
        .buffer_unordered(limit.get())
        .count();
    timed(all).await.1
}
// ANCHOR_END: limit

#[test]
fn blocking_calls_overlap_on_threads() {
    // Nobody is answered before all three have asked.
    let three = Barrier::new(3);
    let pages = three_pages(|path| {
        three.wait();
        path.to_uppercase()
    });
    assert_eq!(pages, ["USERS", "POSTS", "COMMENTS"]);
}

#[tokio::test(start_paused = true)]
async fn the_limit_decides_how_long_many_requests_take() {
    let table = [
        (1, 1000, 50_000),
        (5, 200, 10_000),
        (10, 100, 5000),
        (20, 50, 2500),
        (40, 30, 1500),
        (50, 20, 1000),
        (100, 10, 500),
    ];
    for (limit, of_10_ms, of_500_ms) in table {
        let limit = NonZeroUsize::new(limit).expect("no limit is zero");
        assert_eq!(requests_take(100, 10, limit).await, ms(of_10_ms));
        assert_eq!(requests_take(100, 500, limit).await, ms(of_500_ms));
    }
}

#[tokio::test(start_paused = true)]
async fn one_request_takes_its_latency_whatever_the_limit() {
    for limit in [1, 100] {
        let limit = NonZeroUsize::new(limit).expect("no limit is zero");
        assert_eq!(requests_take(1, 500, limit).await, ms(500));
    }
}

#[test]
fn a_call_that_waits_is_a_small_value() {
    let call = fetch("users", 500);
    assert!(size_of_val(&call) < 512, "{} bytes", size_of_val(&call));
}

#[test]
fn a_plain_function_is_tested_without_a_runtime() {
    assert_eq!(summary(&["users"]), "1 pages, 5 letters");
}

#[tokio::test(start_paused = true)]
async fn an_async_function_waits_and_calls_a_plain_one() {
    let (report, took) = timed(report()).await;
    assert_eq!((report.as_str(), took), ("2 pages, 10 letters", ms(500)));
}
