//! Also right: streams. A stream that a future ends early, waits as a stream of their own, and a set of tasks that
//! returns the first to end.

use std::{num::NonZeroU32, pin::pin, sync::Arc, time::Duration};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use futures::{StreamExt as _, future, stream};
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};

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

/// The stream of one output ends without it if the timer comes first.
pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut outputs = pin!(stream::once(work).take_until(sleep(limit)));
    outputs.next().await.ok_or(GatewayTimeout)
}

/// Why `retry` came back without a page.
#[derive(Debug, PartialEq)]
pub enum RetryError {
    /// Every attempt failed; this is the last error.
    Exhausted(UpstreamError),
    /// The time was up. This is the last error, if an attempt had failed by then.
    DeadlineExceeded(Option<UpstreamError>),
}

/// Before each attempt but the first there is a wait. The first page ends the search.
pub async fn retry<F>(
    attempts: NonZeroU32,
    base: Duration,
    total: Duration,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> Result<Page, RetryError>
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let mut last = None;
    let waits = std::iter::successors(Some(base), |wait| Some(wait.saturating_mul(2)));
    let waits = std::iter::once(Duration::ZERO).chain(waits);
    let outcome = {
        let attempts = stream::iter(waits.take(attempts.get() as usize).enumerate())
            .then(async |(number, wait)| {
                if number > 0 {
                    sleep(wait).await;
                }
                call().await
            })
            .filter_map(|result| {
                let page = result.map_err(|error| last = Some(error)).ok();
                future::ready(page)
            });
        timeout(total, pin!(attempts).next()).await
    };
    match (outcome, last) {
        (Ok(Some(page)), _) => Ok(page),
        (Ok(None), Some(error)) => Err(RetryError::Exhausted(error)),
        (Ok(None), None) => unreachable!("there is an attempt, and it failed"),
        (Err(_elapsed), last) => Err(RetryError::DeadlineExceeded(last)),
    }
}

/// The second task sleeps first, and makes its call then. Both end with the set.
pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let call = Arc::new(call);
    let mut calls = JoinSet::new();
    calls.spawn(call());
    calls.spawn(async move {
        sleep(after).await;
        call().await
    });
    let first_to_end = calls.join_next().await.expect("two tasks were spawned");
    first_to_end.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_timeouts::grade!();
