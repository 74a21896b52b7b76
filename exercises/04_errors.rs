//! Chapter 04, errors: decide what one failure does to the others.
//!
//! Calls that are gathered succeed or fail one by one. What the failure of one means for the rest is a decision:
//! keep every result, give up at the first error, or be content with the first success. Write one function for each.
//!
//! See it first:  cargo run --example 04_errors
//! Grade it:      cargo test -p exercises -- 04
//!
//! `upstream.get(path)` returns a future that yields a `Result<Page, UpstreamError>`. (`fetch`, of chapter 03, panics
//! where `get` returns an error.) In each of the three functions
//!
//! - every path is asked for once, and all calls are in flight at the same time, however many;
//! - a path that is given twice is asked for twice, and both results count;
//! - no task is left: whatever the function spawns has ended when it returns, or is aborted;
//! - a failure is a value: it is returned as it came, and nothing panics. Add no timeouts, and no second attempts.
//!
//! Worth looking up: `futures::future::{join_all, try_join_all, select_ok}`, `futures::stream::FuturesUnordered`, and
//! `tokio::task::JoinSet`. One of them has a catch: `select_ok` keeps the last error alone, and panics when it is given
//! nothing.
//!
//! Worth knowing, and not demanded: `try_join_all` returns at the first error in time for up to 30 futures. Of more,
//! it looks at the results in the order of the futures, so that an error waits for the calls before it
//! (rust-lang/futures-rs, issue 2866). The tests take it for right: of more than 30 calls, the result that decides may
//! wait for the calls before it, and for no others.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};

/// A call that failed: what was asked for, and what came of it.
#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

/// Task 1: fetches every path, and keeps every result.
///
/// - There is one result for each path, in the order of `paths`, as soon as the last call ends.
/// - Each error is labelled with the path that was asked for.
/// - A failure changes nothing for the other calls: each of them goes on to its end, however long it takes.
/// - No paths: no results.
///
/// It must NOT stop at an error, or leave one out.
pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    todo!("await all calls together, then put each result beside its path")
}

/// Task 2: fetches every path, and returns all of the pages or the first error.
///
/// - If every call succeeds: the pages, in the order of `paths`, as soon as the last call ends.
/// - Otherwise: the first error in time, at the instant at which it comes, whatever its place in `paths`. If several
///   come at that instant, any of them will do. (Of more than 30 calls, see above.)
/// - The calls that are under way then are dropped. A task that is aborted ends when the runtime next gets to it, which
///   is soon enough.
/// - No paths: no pages, which is a success.
///
/// It must NOT wait for the slow calls once one has failed, or leave them running.
pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    todo!("await all calls together, in such a way that the first error ends it")
}

/// Task 3: returns the first page that comes, whichever path it is from.
///
/// - It returns at the instant of the first success in time. If several come at that instant, any of them will do. (Of
///   more than 30 calls, see above.)
/// - A failure is not the end: the other calls may yet succeed.
/// - The calls that are under way at the first success are dropped, as in task 2.
/// - If every call fails: all of the errors, in the order of `paths`, as soon as the last call ends.
/// - No paths: there is no page, and no error either: `Err(vec![])`.
///
/// It must NOT wait for the other calls once one has succeeded, leave them running, or lose an error.
pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    todo!("take the results as they come: return at a page, and keep the errors in their places")
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_errors::grade!();
