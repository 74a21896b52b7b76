//! Also right: its own timers. `select!` instead of `timeout`, one deadline that every wait shares, and a second call
//! that waits in a future of its own.

use std::{num::NonZeroU32, pin::pin, time::Duration};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::time::{Instant, sleep, timeout_at};

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

/// The order is fixed, so that work which ends at the very limit still counts.
pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    tokio::select! {
        biased;
        output = work => Ok(output),
        () = sleep(limit) => Err(GatewayTimeout),
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

/// Every wait ends at the same instant, and says by itself whether it was the last one.
pub async fn retry<F>(
    attempts: NonZeroU32,
    base: Duration,
    total: Duration,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> Result<Page, RetryError>
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let deadline = Instant::now() + total;
    let mut wait = base;
    let mut last = None;
    for attempt in 1..=attempts.get() {
        match timeout_at(deadline, call()).await {
            Ok(Ok(page)) => return Ok(page),
            Ok(Err(error)) if attempt == attempts.get() => {
                return Err(RetryError::Exhausted(error));
            }
            Ok(Err(error)) => last = Some(error),
            Err(_elapsed) => return Err(RetryError::DeadlineExceeded(last)),
        }
        // A wait that leads to nothing is left out.
        if wait >= deadline - Instant::now() {
            break;
        }
        sleep(wait).await;
        wait *= 2;
    }
    Err(RetryError::DeadlineExceeded(last))
}

/// A future that first waits and then calls does nothing before `after`: it may be made at the start.
pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let first = pin!(call());
    let second = pin!(async {
        sleep(after).await;
        call().await
    });
    tokio::select! {
        page = first => page,
        page = second => page,
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_timeouts::grade!();
