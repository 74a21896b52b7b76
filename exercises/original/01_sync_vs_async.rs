//! Chapter 01, sync and async: waiting is not working.
//!
//! A blocking call keeps its thread until the answer is there. An async call returns a future, which does
//! nothing until it is polled; `.await` polls it, and lends the thread to others while it waits. Write three
//! functions that call a service in this way. None of them may block a thread: neither the one that it runs
//! on, nor another one that waits in its place.
//!
//! See it first:  cargo run --example 01_sync_vs_async
//! Grade it:      cargo test -p exercises -- 01
//!
//! `upstream.fetch(path)` returns a future that yields a `Page { path, body }`. Its calls take as long as they
//! take: add no timeouts, and no waiting of your own. If the service fails, `fetch` panics, and your function with
//! it: errors are chapter 04. Keep no page for a later call of your function, and leave no task running.
//!
//! Worth looking up: the keywords `async` and `await` in the standard library's documentation, `async move`
//! blocks, and `std::future::Future`. `cargo doc --open` shows what an `Upstream` can do.

use async_workbook::services::upstream::Upstream;

/// Task 1: fetches the page at `path`, and returns its body. The blocking way to do so is
///
///     upstream.fetch_blocking(path).body
///
/// which, in an async function, panics. Turn it into a call that is awaited.
///
/// - The page is asked for once, and the function returns its body as soon as it is there.
/// - Meanwhile the thread is free: any number of these calls, joined, take as long as the slowest.
///
/// It must NOT hold a lock or a permit while it waits: another caller may need it.
pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    todo!("ask for the page, await it, and return its body")
}

/// Task 2: fetches the pages of all paths, one after the other, and returns their bodies.
///
/// - The first path is asked for first. Each of the others is asked for as soon as the page before it is
///   there, so that the whole takes the sum of the latencies.
/// - The bodies come in the order of `paths`. A path that is given twice is fetched twice. No paths: no bodies.
///
/// It must NOT have two calls in flight at the same time: take it that the service can bear one.
pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    todo!("for each path, await its page before you ask for the next")
}

/// Task 3: returns a future that fetches the page at `path` and yields its body.
///
/// - Until that future is awaited, nothing is asked for. Dropped before, it never asks.
/// - Once it is awaited, it makes one call, and yields as soon as the page is there.
///
/// It must NOT start anything by itself: no task, no thread, no poll.
pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    todo!("return a future which asks for the page once it is awaited");
    // Only there so that the stub compiles: it goes with the `todo!`.
    std::future::ready(String::new())
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_sync_vs_async::grade!();
