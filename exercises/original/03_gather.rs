//! Chapter 03, gather: overlap the waits.
//!
//! A call to the upstream is mostly waiting, and waits can overlap: three calls of 0.5, 0.3 and
//! 0.2 s take 1.0 s one after another, and 0.5 s together. Write three functions that gather.
//!
//! See it first:  cargo run --example 03_gather
//! Grade it:      cargo test -p exercises -- 03
//!
//! `upstream.fetch(path)` returns a future that yields a `Page { path, body }`. Like every future, it does
//! nothing until it is polled. Its calls take as long as they take: add no timeouts.
//!
//! Worth looking up: `futures::future::join_all`, `tokio::join!`, and `tokio::task::JoinSet`, which gives its
//! outputs in the order in which the tasks end. `cargo doc --open` shows what an `Upstream` can do.

use std::sync::Arc;

use async_workbook::services::upstream::{Page, Upstream};

/// Task 1: fetches the page of every path.
///
/// - All calls are in flight at the same time, however many: it takes as long as the slowest of them.
/// - The pages come in the order of `paths`, whichever call ends first.
/// - A path that is given twice is fetched twice. No paths: no pages.
///
/// It must NOT wait for one page before it asks for the next.
pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    todo!("make a future for each path, then await all of them together")
}

/// What a user sees after logging in.
#[derive(Debug, PartialEq)]
pub struct Dashboard {
    pub user: Page,
    pub orders: Page,
    pub stats: Page,
}

/// Task 2: fetches `users/<user_id>`, whose body is the user's name, and with it `orders/<name>` and
/// `stats/<name>`.
///
/// - Orders and stats need the name, but not each other: once the user is known, they wait together.
/// - Each of the three pages is fetched once.
///
/// It must NOT keep the stats waiting for the orders.
pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    todo!("await the user, then the orders and the stats together")
}

/// Task 3: does what `fetch_all` does, with a task for each call, so that a runtime with several
/// threads can use them all.
///
/// - Each call runs on a task of its own, all of them at the same time.
/// - The pages come in the order of `paths`.
/// - If one of the tasks panics (`fetch` does, when the upstream fails), this function panics too.
///
/// It must NOT lose a page, or a panic. A task may outlive the function that spawned it, hence the
/// `Arc`, and paths that are owned.
pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    todo!("spawn a task for each path, then collect the pages in the order of the paths")
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_gather::grade!();
