//! Chapter 01, sync and async: waiting is not working.
//!
//! A blocking call keeps its thread until the answer arrives. An async call returns a future, which does
//! nothing until it's polled. `.await` polls it, and lends the thread to others while it waits. Write three
//! functions that call a service this way. None of them may block a thread: neither the thread that it runs
//! on, nor another that waits in its place.
//!
//! See it first:  cargo run --example 01_sync_vs_async
//! Grade it:      cargo test -p exercises -- 01
//!
//! `upstream.fetch(path)` returns a future that yields a `Page { path, body }`. A call takes as long as it takes:
//! don't add timeouts or waits of your own. If the service fails, `fetch` panics, and so does your function. Errors
//! are the subject of chapter 04.
//!
//! Don't keep a page for a later call of your function, and don't start a thread. Leave no task running, even if
//! your future is dropped before it's done: its call ends there, and it makes no other.
//!
//! Worth looking up: the keywords `async` and `await` in the standard library's documentation, `async move`
//! blocks, and `std::future::Future`. `cargo doc --open` shows what an `Upstream` can do.

use async_workbook::services::upstream::Upstream;

/// Task 1: fetches the page at `path` and returns its body. The blocking way to do it is
///
///     upstream.fetch_blocking(path).body
///
/// which panics in an async function. Replace it with a call that doesn't block.
///
/// - It asks for the page once, and returns the body as soon as the page arrives.
/// - Meanwhile the thread is free: any number of these calls, joined, take as long as the slowest.
///
/// It must NOT hold a lock or a permit while it waits: another caller may need it.
pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    todo!("return the body of the page")
}

/// Task 2: fetches the pages of all paths, one after the other, and returns their bodies.
///
/// - It asks for the first path at once, and for each of the others as soon as the page before it arrives. The
///   whole takes the sum of the latencies.
/// - The bodies are in the order of `paths`. A path that is given twice is fetched twice. No paths give no bodies.
///
/// It must NOT have two calls in flight at the same time: assume that the service can handle only one.
pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    todo!("return the bodies of all pages, fetched one at a time")
}

/// Task 3: returns a future that fetches the page at `path` and yields its body.
///
/// - Until that future is awaited, it asks for nothing. If it's dropped before that, it never does.
/// - Once it's awaited, it makes one call, and yields the body as soon as the page arrives.
///
/// The function must NOT start anything itself: no task, no thread, no poll.
pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    todo!("return a future that asks for the page when it's awaited");
    // This only makes the stub compile: remove it with the `todo!`.
    std::future::ready(String::new())
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_sync_vs_async::grade!();
