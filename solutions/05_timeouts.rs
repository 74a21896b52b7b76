//! Chapter 05, timeouts: the reference solution.

use std::{num::NonZeroU32, pin::pin, time::Duration};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::time::{sleep, timeout};

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

/// `timeout` polls the work, and then a timer. When the timer fires first, it returns, and the work, which
/// it owns, is dropped with it: there is nothing else to cancel.
pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    timeout(limit, work)
        .await
        .map_err(|_elapsed| GatewayTimeout)
}

/// Why `retry` came back without a page.
#[derive(Debug, PartialEq)]
pub enum RetryError {
    /// Every attempt failed; this is the last error.
    Exhausted(UpstreamError),
    /// The time was up. This is the last error, if an attempt had failed by then.
    DeadlineExceeded(Option<UpstreamError>),
}

/// The loop knows nothing of the deadline. One timeout around all of it ends it wherever it stands, in a
/// call or in a wait. What it knows then, the last error, has to live outside of what is dropped.
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
    let attempts_in_turn = async {
        let mut left = attempts.get();
        let mut wait = base;
        loop {
            match call().await {
                Ok(page) => return Ok(page),
                // No attempt is left that a wait could lead to.
                Err(error) if left == 1 => return Err(RetryError::Exhausted(error)),
                Err(error) => last = Some(error),
            }
            left -= 1;
            sleep(wait).await;
            // A power of two would overflow long before the attempts run out.
            wait = wait.saturating_mul(2);
        }
    };
    match timeout(total, attempts_in_turn).await {
        Ok(result) => result,
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last)),
    }
}

/// A timeout drops what it is handed: here only a reference, so that the first call lives on.
pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = pin!(call());
    if let Ok(page) = timeout(after, &mut first).await {
        return page;
    }
    // The branches are polled together. When one of them has its answer, the function returns, and both
    // futures are dropped.
    tokio::select! {
        page = &mut first => page,
        page = call() => page,
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_timeouts::grade!();
