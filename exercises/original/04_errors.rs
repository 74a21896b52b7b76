//! Chapter 04, errors: decide what one failure does to the others.
//!
//! Each of the calls that you gather succeeds or fails on its own. You decide what one failure means for the rest:
//! keep every result, give up at the first error, or settle for the first success. Write one function for each.
//!
//! See it first:  cargo run --example 04_errors
//! Grade it:      cargo test -p exercises -- 04
//!
//! `upstream.get(path)` returns a future that yields a `Result<Page, UpstreamError>`. (`fetch`, from chapter 03,
//! panics when `get` returns an error.) In each of the three functions:
//!
//! - Every path is asked for once, and all calls are in flight at the same time, however many there are.
//! - A path that is given twice is asked for twice, and both results count.
//! - No task is left running: when the function returns, whatever it spawned has ended or been aborted.
//! - A failure is a value: it's returned unchanged, and nothing panics. Don't add timeouts or retries.
//!
//! Worth looking up: `futures::future::{join_all, try_join_all, select_ok}`, `futures::stream::FuturesUnordered`, and
//! `tokio::task::JoinSet`. One of them has a catch: `select_ok` keeps only the last error, and panics if it's given
//! nothing.
//!
//! You don't need this to pass: `try_join_all` returns at the first error in time only for up to 30 futures. With
//! more, it looks at the results in the order of the futures, so an error waits for the calls before it
//! (rust-lang/futures-rs, issue 2866). The tests accept that: with more than 30 calls, the result that decides may
//! wait for the calls before it, but for no others.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};

/// A call that failed: the path that was asked for, and the error.
#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

/// Task 1: fetches every path, and keeps every result.
///
/// - It returns one result for each path, in the order of `paths`, as soon as the last call ends.
/// - Each error is labelled with the path that was asked for.
/// - A failure changes nothing for the other calls: each of them runs to its end, however long it takes.
/// - No paths give no results.
///
/// It must NOT stop at an error, or leave one out.
pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    todo!("return one result for each path")
}

/// Task 2: fetches every path, and returns all of the pages or the first error.
///
/// - If every call succeeds, it returns the pages in the order of `paths`, as soon as the last call ends.
/// - Otherwise it returns the first error in time, at the instant when it arrives, whatever its place in `paths`. If
///   several arrive at that instant, any of them will do. (For more than 30 calls, see above.)
/// - It drops the calls that are still in flight. An aborted task ends when the runtime next gets to it, which is
///   soon enough.
/// - No paths give no pages, which is a success.
///
/// It must NOT wait for the slow calls once one has failed, or leave them running.
pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    todo!("return all of the pages, or the first error")
}

/// Task 3: returns the first page that arrives, whichever path it's from.
///
/// - It returns at the instant of the first success in time. If several arrive at that instant, any of them will do.
///   (For more than 30 calls, see above.)
/// - A failure isn't the end: the other calls may still succeed.
/// - It drops the calls that are in flight at the first success, as in task 2.
/// - If every call fails, it returns all of the errors in the order of `paths`, as soon as the last call ends.
/// - No paths give no page and no errors: `Err(vec![])`.
///
/// It must NOT wait for the other calls once one has succeeded, leave them running, or lose an error.
pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    todo!("return the first page, or else every error")
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_errors::grade!();
