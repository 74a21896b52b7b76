//! Also right: tasks. Dropping a `JoinSet` or an `AbortOnDropHandle` aborts its tasks, unlike a plain `JoinHandle`. The
//! code has to tell a task that panicked from one that was aborted.

use std::{num::NonZeroU32, panic::resume_unwind, time::Duration};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_util::task::AbortOnDropHandle;

/// The upstream did not answer in time.
#[derive(Debug, PartialEq)]
pub struct GatewayTimeout;

/// What axum answers where a handler returns this error. It tells the client nothing of what
/// is behind the service.
impl IntoResponse for GatewayTimeout {
    fn into_response(self) -> Response {
        (StatusCode::GATEWAY_TIMEOUT, "the upstream timed out").into_response()
    }
}

/// A service that answers 504 when the upstream has no answer after 5 s.
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

/// The handle is dropped by the timeout, and aborts the task.
pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let task = AbortOnDropHandle::new(tokio::spawn(work));
    match timeout(limit, task).await {
        Ok(Ok(output)) => Ok(output),
        Ok(Err(error)) => resume_unwind(error.into_panic()),
        Err(_elapsed) => Err(GatewayTimeout),
    }
}

/// Why `retry` came back without a page.
#[derive(Debug, PartialEq)]
pub enum RetryError {
    /// Every attempt failed; this is the last error.
    Exhausted(UpstreamError),
    /// The time was up. This is the last error, if an attempt had failed by then.
    DeadlineExceeded(Option<UpstreamError>),
}

/// The loop runs on a task, and tells its errors through a channel that keeps the latest.
pub async fn retry<F>(
    attempts: NonZeroU32,
    base: Duration,
    total: Duration,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> Result<Page, RetryError>
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let (errors, last) = watch::channel(None);
    let task = AbortOnDropHandle::new(tokio::spawn(async move {
        let mut wait = base;
        for attempt in 1..=attempts.get() {
            if attempt > 1 {
                sleep(wait).await;
                wait = wait.saturating_mul(2);
            }
            match call().await {
                Ok(page) => return Some(page),
                Err(error) => errors.send_replace(Some(error)),
            };
        }
        None
    }));
    let joined = timeout(total, task).await;
    let last = last.borrow().clone();
    match (joined, last) {
        (Ok(Ok(Some(page))), _) => Ok(page),
        (Ok(Ok(None)), Some(error)) => Err(RetryError::Exhausted(error)),
        (Ok(Ok(None)), None) => unreachable!("there is an attempt, and it failed"),
        (Ok(Err(error)), _) => resume_unwind(error.into_panic()),
        (Err(_elapsed), last) => Err(RetryError::DeadlineExceeded(last)),
    }
}

/// The first task to end is the answer. The set aborts the other one when it is dropped.
pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut calls = JoinSet::new();
    calls.spawn(call());
    let in_time = timeout(after, calls.join_next()).await;
    let first_to_end = match in_time {
        Ok(joined) => joined,
        Err(_elapsed) => {
            calls.spawn(call());
            calls.join_next().await
        }
    };
    match first_to_end.expect("a call is under way") {
        Ok(page) => page,
        Err(error) => resume_unwind(error.into_panic()),
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_timeouts::grade!();
