//! Also right: the `futures` crate, and a poll loop by hand. `select` returns the future that lost; a stream of calls
//! makes a second one when it's due.

use std::{future::poll_fn, num::NonZeroU32, pin::pin, task::Poll, time::Duration};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use futures::{
    StreamExt as _,
    future::{self, Either},
    stream::FuturesUnordered,
};
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

async fn data(State(upstream): State<Upstream>) -> Result<String, GatewayTimeout> {
    let call = async move { upstream.fetch("data").await };
    let page = within(Duration::from_secs(5), call).await?;
    Ok(page.body)
}

/// Both are polled at every wake, the work first. The timer is made once, and keeps its instant.
pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut work = pin!(work);
    let mut timer = pin!(sleep(limit));
    poll_fn(|cx| {
        if let Poll::Ready(output) = work.as_mut().poll(cx) {
            return Poll::Ready(Ok(output));
        }
        timer.as_mut().poll(cx).map(|()| Err(GatewayTimeout))
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

/// The deadline is a future that is lent to every wait. `Either` tells which of the two came first.
pub async fn retry<F>(
    attempts: NonZeroU32,
    base: Duration,
    total: Duration,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> Result<Page, RetryError>
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let mut deadline = pin!(sleep_until(Instant::now() + total));
    let mut last = None;
    let mut waits = std::iter::successors(Some(base), |wait| wait.checked_mul(2));
    for left in (0..attempts.get()).rev() {
        match future::select(pin!(call()), deadline.as_mut()).await {
            Either::Left((Ok(page), _)) => return Ok(page),
            Either::Left((Err(error), _)) if left == 0 => return Err(RetryError::Exhausted(error)),
            Either::Left((Err(error), _)) => last = Some(error),
            Either::Right(_) => break,
        }
        let wait = pin!(sleep(waits.next().unwrap_or(Duration::MAX)));
        if let Either::Right(_) = future::select(wait, deadline.as_mut()).await {
            break;
        }
    }
    Err(RetryError::DeadlineExceeded(last))
}

/// The stream polls all of its calls. The timer is put out of use by the guard once it has fired.
pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut calls = FuturesUnordered::from_iter([call()]);
    let mut timer = pin!(sleep(after));
    let mut hedged = false;
    loop {
        tokio::select! {
            Some(page) = calls.next() => return page,
            () = &mut timer, if !hedged => {
                hedged = true;
                calls.push(call());
            }
        }
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_timeouts::grade!();
