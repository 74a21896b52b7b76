//! Chapter 05, timeouts: bound every wait.
//!
//! A service that others call must not wait for ever. Write three functions that bound a wait: one gives up
//! at a limit, one retries until a deadline, and one makes a second call when the first is late.
//!
//! See it first:  cargo run --example 05_timeouts
//! Grade it:      cargo test -p exercises -- 05
//!
//! All three functions:
//!
//! - begin at once, and return as soon as their result is known. They wait on tokio's clock.
//! - drop a future at the instant they give up on it. If they're dropped themselves, they drop everything
//!   that they were waiting for. They leave nothing in the background, not even a timer.
//! - pass a panic in a future they're given on to their caller.
//! - treat a time of zero as over at once. Zero never means "no limit".
//! - may let either side win when two things happen at the same instant (an answer, and the end of its
//!   time).
//! - may run the futures they're given on a task, but needn't. They must NOT run them on a thread of their
//!   own, as `spawn_blocking` does: no timeout can stop a thread.
//!
//! Worth looking up: `tokio::time::timeout`, `timeout_at` and `sleep`, `tokio::select!`, `std::pin::pin!`.

use std::{num::NonZeroU32, time::Duration};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::{Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};

/// The upstream didn't answer in time.
#[derive(Debug, PartialEq)]
pub struct GatewayTimeout;

/// Given: the response that axum sends for this error. It tells the client nothing about what's inside.
impl IntoResponse for GatewayTimeout {
    fn into_response(self) -> axum::response::Response {
        (StatusCode::GATEWAY_TIMEOUT, "the upstream timed out").into_response()
    }
}

/// Given: a service that answers 504 if the upstream hasn't answered within 5 s.
pub fn app(upstream: Upstream) -> Router {
    Router::new()
        .route("/data-timeout", get(data))
        .with_state(upstream)
}

async fn data(State(upstream): State<Upstream>) -> Result<String, GatewayTimeout> {
    let call = async move { upstream.fetch("data").await };
    let page = within(Duration::from_secs(5), call).await?;
    Ok(page.body)
}

/// Task 1: awaits `work` for no longer than `limit`.
///
/// - If `work` finishes in time, it returns the output at that instant.
/// - Otherwise it returns the error at `limit`, and drops `work`.
///
/// It must NOT wait until `limit` when `work` is done, or check the clock only afterwards. Its future must be
/// `Send`, or `app` doesn't compile.
pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    todo!("return the work's output, or the error at `limit`")
}

/// Why `retry` returned no page.
#[derive(Debug, PartialEq)]
pub enum RetryError {
    /// Every attempt failed. This is the last error.
    Exhausted(UpstreamError),
    /// Time ran out. This is the last error, if an attempt had failed by then.
    DeadlineExceeded(Option<UpstreamError>),
}

/// Task 2: calls until an attempt succeeds, at most `attempts` times, and for no longer than `total`.
///
/// - It makes a new call for each attempt, with `call()`, when the attempt begins and not earlier.
/// - After a failure it waits, then tries again. The first wait is `base`, and each wait is twice as long as
///   the one before. With 100 ms, attempts that fail at once begin at 0, 100, 300, 700 ms. It doesn't wait
///   after the last attempt.
/// - It retries after every kind of error. With a `base` of zero it never waits, whatever `attempts` is.
/// - `total` bounds everything, running attempts and waits included. When it's over, the error is
///   `DeadlineExceeded`. No attempt has a limit of its own. If the next wait would outlast `total`, you may
///   skip it and return that error at once.
///
/// It must NOT start an attempt, or carry on with one, after the deadline.
pub async fn retry<F>(
    attempts: NonZeroU32,
    base: Duration,
    total: Duration,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> Result<Page, RetryError>
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    todo!("call until an attempt succeeds, the attempts run out, or `total` is over")
}

/// Task 3: calls, and calls once more if the first call has no answer after `after`. Returns the answer
/// that comes first.
///
/// - It makes the second call at `after`, and only if it still has no answer.
/// - Both calls then go on without a limit. The first may still be the faster one.
/// - When the faster call has its answer, the slower one is dropped.
///
/// It must NOT give up the first call at `after`, or make a third call.
pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    todo!("call, call again if the first call is late, and return the faster answer")
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_timeouts::grade!();
