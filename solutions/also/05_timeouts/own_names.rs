//! Also right: its own names, some of which mean something else elsewhere, and futures that are boxed and polled by
//! hand.

use std::{future::poll_fn, io::Error, num::NonZeroU32, task::Poll, time::Duration};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use errors::Result;
use tokio::time::{Instant, sleep, sleep_until};

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

async fn data(State(upstream): State<Upstream>) -> std::result::Result<String, GatewayTimeout> {
    let call = async move { upstream.fetch("data").await };
    let page = within(Duration::from_secs(5), call).await?;
    Ok(page.body)
}

pub async fn within<T, F>(limit: Duration, work: F) -> std::result::Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let (mut work, mut timer) = (Box::pin(work), Box::pin(sleep(limit)));
    poll_fn(|cx| match work.poll(cx) {
        Poll::Ready(output) => Poll::Ready(Ok(output)),
        Poll::Pending => timer.poll(cx).map(|()| Err(GatewayTimeout)),
    })
    .await
}

/// Why `retry` came back without a page.
#[derive(Debug, PartialEq)]
pub enum RetryError {
    /// Every attempt failed; this is the last error.
    Exhausted(UpstreamError),
    /// The time was up. This is the last error, if an attempt had failed by then.
    DeadlineExceeded(Option<UpstreamError>),
}

pub async fn retry<F>(
    attempts: NonZeroU32,
    base: Duration,
    total: Duration,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> std::result::Result<Page, RetryError>
where
    F: Future<Output = std::result::Result<Page, UpstreamError>> + Send + 'static,
{
    let start = Instant::now();
    let mut last = None;
    let mut wait = base;
    for left in (0..attempts.get()).rev() {
        let (mut attempt, mut timer) = (Box::pin(call()), Box::pin(sleep_until(start + total)));
        let result = poll_fn(|cx| match attempt.poll(cx) {
            Poll::Ready(result) => Poll::Ready(Some(result)),
            Poll::Pending => timer.poll(cx).map(|()| None),
        });
        match result.await {
            Some(Ok(page)) => return Ok(page),
            Some(Err(error)) if left == 0 => return Err(RetryError::Exhausted(error)),
            Some(Err(error)) => last = Some(error),
            None => break,
        }
        sleep_until((Instant::now() + wait).min(start + total)).await;
        if in_time(start.elapsed() >= total).is_err() {
            break;
        }
        wait = wait.saturating_mul(2);
    }
    Err(RetryError::DeadlineExceeded(last))
}

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let (mut first, mut timer) = (Box::pin(call()), Box::pin(sleep(after)));
    let mut second = None;
    poll_fn(|cx| {
        if let Poll::Ready(page) = first.poll(cx) {
            return Poll::Ready(page);
        }
        if second.is_none() && timer.poll(cx).is_ready() {
            second = Some(Box::pin(call()));
        }
        match &mut second {
            Some(second) => second.poll(cx),
            None => Poll::Pending,
        }
    })
    .await
}

/// A future in a box, which nothing here but this file knows of.
struct Box<F>(std::pin::Pin<std::boxed::Box<F>>);

impl<F: Future> Box<F> {
    fn pin(future: F) -> Self {
        Self(std::boxed::Box::pin(future))
    }

    fn poll(&mut self, cx: &mut std::task::Context<'_>) -> Poll<F::Output> {
        self.0.as_mut().poll(cx)
    }
}

mod errors {
    /// Most functions here have no page to give.
    pub(super) type Result<T = ()> = std::result::Result<T, super::Error>;
}

/// Says of a time that has passed what the system would.
fn in_time(passed: bool) -> Result {
    if passed {
        return Err(std::io::ErrorKind::TimedOut.into());
    }
    Ok(())
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_timeouts::grade!();
