//! Chapter 03, gather: overlap the waits.
//!
//! A call to the upstream is mostly waiting, and waits can overlap: three calls of 0.5, 0.3 and
//! 0.2 s take 1.0 s one after another, but 0.5 s together. Write three functions that gather.
//!
//! See it first:  cargo run --example 03_gather
//! Grade it:      cargo test -p exercises -- 03
//!
//! `upstream.fetch(path)` returns a future that yields a `Page { path, body }`. Like every future, it does
//! nothing until it's polled. A call takes as long as it takes: don't add timeouts.
//!
//! Worth looking up: `futures::future::join_all`, `tokio::join!`, and `tokio::task::JoinSet`, which gives its
//! outputs in the order in which its tasks end. `cargo doc --open` shows what an `Upstream` can do.

use std::sync::Arc;

use async_workbook::services::upstream::{Page, Upstream};

/// Task 1: fetches the page of every path.
///
/// - All calls are in flight at the same time, however many there are: it takes as long as the slowest.
/// - The pages are in the order of `paths`, whichever call ends first.
/// - A path that is given twice is fetched twice. No paths give no pages.
///
/// It must NOT wait for one page before it asks for the next.
pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    todo!("return the pages of all paths, fetched at the same time")
}

/// What a user sees after logging in.
#[derive(Debug, PartialEq)]
pub struct Dashboard {
    pub user: Page,
    pub orders: Page,
    pub stats: Page,
}

/// Task 2: fetches `users/<user_id>`, whose body is the user's name, and then `orders/<name>` and
/// `stats/<name>`.
///
/// - The orders and the stats need the name, but not each other: once the user arrives, they wait together.
/// - Each of the three pages is fetched once.
///
/// It must NOT keep the stats waiting for the orders.
pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    todo!("return the dashboard of the user, the orders and the stats")
}

/// Task 3: does what `fetch_all` does, but with a task for each call. A runtime with several threads can
/// then use all of them.
///
/// - Each call runs in its own task, which the runtime may poll on any thread. All of them run at the same time.
/// - The pages are in the order of `paths`.
/// - If a task panics, as `fetch` does when the upstream fails, this function panics too.
///
/// It must NOT lose a page or a panic. It takes an `Arc` and owned paths because a task may outlive the
/// function that spawned it.
pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    todo!("return the pages of all paths, with a task for each call")
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_gather::grade!();
