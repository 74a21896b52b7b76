//! Chapter 05, timeouts: bound every wait.
//!
//! A service that others call must not wait for ever. Write three ways to bound a wait: give up after
//! some time, try again until a deadline, and ask twice when the first answer is late.
//!
//! See it first:  cargo run --example 05_timeouts
//! Grade it:      cargo test -p exercises -- 05
//!
//! Of all three:
//!
//! - They begin at once, and return as soon as their result is known, on tokio's clock.
//! - What they give up is dropped at that instant, and so is what they wait for when they are dropped
//!   themselves. Nothing goes on in the background, not even a timer.
//! - A panic in what they are given goes on to their caller.
//! - A time of zero is over at once. It never stands for no limit.
//! - When two things happen at the same instant (an answer, and the end of its time), either may count.
//! - What they are given may run on a task, but need not. It must NOT run on a thread of its own, as with
//!   `spawn_blocking`: no timeout can stop a thread.
//!
//! Worth looking up: `tokio::time::timeout`, `timeout_at` and `sleep`, `tokio::select!`, `std::pin::pin!`.

use std::{num::NonZeroU32, time::Duration};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::{Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};

/// The upstream did not answer in time.
#[derive(Debug, PartialEq)]
pub struct GatewayTimeout;

/// Given: what axum answers for it. It tells the client nothing of what is behind the service.
impl IntoResponse for GatewayTimeout {
    fn into_response(self) -> axum::response::Response {
        (StatusCode::GATEWAY_TIMEOUT, "the upstream timed out").into_response()
    }
}

/// Given: a service that answers 504 when the upstream has no answer after 5 s.
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
/// - When it ends before, its output is returned at that instant.
/// - Otherwise, the error is returned at `limit`, and `work` is dropped.
///
/// It must NOT wait for `limit` when `work` is done, nor look at the clock only afterwards. Its future has
/// to be `Send`, or `app` does not compile.
pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    todo!("await the work and a timer together, and take what comes first")
}

/// Why `retry` came back without a page.
#[derive(Debug, PartialEq)]
pub enum RetryError {
    /// Every attempt failed; this is the last error.
    Exhausted(UpstreamError),
    /// The time was up. This is the last error, if an attempt had failed by then.
    DeadlineExceeded(Option<UpstreamError>),
}

/// Task 2: calls until an attempt succeeds, at most `attempts` times, and for no longer than `total`.
///
/// - Each attempt is a fresh call: `call()` makes its future when the attempt begins, not before.
/// - After a failure it waits, then tries again: `base` after the first, and twice as long each time. With
///   100 ms, attempts that fail at once begin at 0, 100, 300, 700 ms. After the last one there is no wait.
/// - Every error counts as one that may pass. A `base` of zero means no wait, however many attempts.
/// - `total` bounds all of it, a running attempt and a wait included: then the error is `DeadlineExceeded`,
///   and no attempt has a limit of its own. A wait that would outlast `total` may be left out: return
///   that error at once, or when the time is up.
///
/// It must NOT start an attempt, or go on with one, after the deadline.
pub async fn retry<F>(
    attempts: NonZeroU32,
    base: Duration,
    total: Duration,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> Result<Page, RetryError>
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    todo!("call in a loop, wait longer after each failure, and put one deadline around all of it")
}

/// Task 3: calls, and calls once more if the first call has no answer after `after`. Returns the answer
/// that comes first.
///
/// - The second call is made at `after`, and only if it is needed then.
/// - Both calls then go on, without a limit. The first may still be the faster one.
/// - The slower call is dropped when the faster has its answer.
///
/// It must NOT give up the first call at `after`, nor make a third.
pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    todo!("await the first call until `after`, then both calls, and take what comes first")
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_timeouts::grade!();
