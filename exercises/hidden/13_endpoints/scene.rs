//! A service with everything around it, and requests to it.

use std::{panic, sync::Arc, time::Duration};

use async_workbook::{
    harness::ms,
    services::{
        bank::Bank,
        secret::Secret,
        upstream::{Builder, Route, Upstream},
    },
    verdict::mark_in,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, Response, StatusCode, header::AUTHORIZATION, request::Parts},
};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::task::{AbortOnDropHandle, TaskTracker};
use tower::ServiceExt as _;

use crate::{ApiError, AppState};

/// Longer than anything here takes.
pub(crate) const LONG: Duration = Duration::from_secs(60 * 60);

/// The tokens are of one length, as real ones are.
pub(crate) const ADA: &str = "tok-5f1e0c77a2";
pub(crate) const BOB: &str = "tok-9d3b64c1e8";

pub(crate) fn state(upstream: Builder) -> AppState {
    with_bank(upstream, Bank::new(ms(1000)).account("ada", 500))
}

pub(crate) fn with_bank(upstream: Builder, bank: Bank) -> AppState {
    AppState {
        upstream: upstream.build(),
        bank,
        tokens: Arc::new(vec![
            (Secret::new(ADA), "ada".into()),
            (Secret::new(BOB), "bob".into()),
        ]),
        tasks: TaskTracker::new(),
    }
}

pub(crate) fn nothing_upstream() -> Builder {
    Upstream::builder()
}

/// The routes of a service that answers pages with these numbers after this time.
pub(crate) fn pages(numbers: std::ops::Range<usize>, latency: u64) -> Builder {
    numbers.fold(Upstream::builder(), |builder, number| {
        ["users", "orders"].iter().fold(builder, |builder, kind| {
            builder.route(Route::new(format!("{kind}/{number}")).latency(ms(latency)))
        })
    })
}

pub(crate) fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).expect("no scenario is that long")
}

/// The parts of a request with these `Authorization` headers.
pub(crate) fn parts(authorization: &[&[u8]]) -> Parts {
    let headers = authorization.iter().map(|value| ("authorization", *value));
    parts_of("/dashboard", &headers.collect::<Vec<_>>())
}

/// The parts of a request with these headers.
pub(crate) fn parts_of(path: &str, headers: &[(&str, &[u8])]) -> Parts {
    let request = headers
        .iter()
        .fold(Request::get(path), |request, (name, value)| {
            request.header(*name, *value)
        });
    request
        .body(())
        .expect("path and headers are sound")
        .into_parts()
        .0
}

/// What came of calling a handler.
pub(crate) struct Seen<T> {
    /// A panic's message, or what the handler returned.
    pub(crate) result: Result<Result<T, ApiError>, String>,
    pub(crate) took: u64,
}

pub(crate) async fn observe<T>(handler: impl Future<Output = Result<T, ApiError>>) -> Seen<T> {
    let start = Instant::now();
    let result = async_workbook::verdict::catch_panic(handler).await;
    Seen {
        result,
        took: millis(start),
    }
}

/// Drops a handler after so long, as axum does when its client hangs up. Says whether it was still running.
pub(crate) async fn hang_up<T>(after: u64, handler: impl Future<Output = T>) -> bool {
    mark_in(ms(after), "client hangs up");
    let hung_up = timeout(ms(after), handler).await.is_err();
    // The runtime drops an aborted task when it next gets round to it.
    sleep(ms(1)).await;
    hung_up
}

/// The answer to a request, and when it came, in milliseconds.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) body: String,
    pub(crate) after: u64,
}

/// A running request, in its own task. Dropping it is like a client hanging up.
pub(crate) struct Asked(AbortOnDropHandle<Reply>);

impl Asked {
    pub(crate) fn answered(&self) -> bool {
        self.0.is_finished()
    }

    /// Waits for the answer, where a handler's panic is for another task to tell.
    pub(crate) async fn answered_or_panicked(self) -> Option<Reply> {
        self.0.await.ok()
    }

    /// Waits for the answer. A handler's panic goes on here.
    pub(crate) async fn answer(self) -> Reply {
        let reply = self.0.await;
        reply.unwrap_or_else(|error| panic::resume_unwind(error.into_panic()))
    }
}

pub(crate) fn get(path: &str) -> Request<Body> {
    let request = Request::get(path).body(Body::empty());
    request.expect("the path is sound")
}

pub(crate) fn get_as(token: &str, path: &str) -> Request<Body> {
    let request = Request::get(path).header(AUTHORIZATION, format!("Bearer {token}"));
    request.body(Body::empty()).expect("the path is sound")
}

pub(crate) fn post(token: Option<&str>, path: &str, json: &str) -> Request<Body> {
    let mut request = Request::post(path).header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Body::from(json.to_owned()));
    request.expect("the path is sound")
}

/// Sends a request to a clone of the service, as `axum::serve` does for each connection.
pub(crate) fn ask(app: &Router, request: Request<Body>) -> Asked {
    let (app, start) = (app.clone(), Instant::now());
    let task = tokio::spawn(async move {
        let Ok(response) = app.oneshot(request).await;
        reply(response, start).await
    });
    Asked(AbortOnDropHandle::new(task))
}

async fn reply(response: Response<Body>, start: Instant) -> Reply {
    let (status, after) = (response.status(), millis(start));
    let body = to_bytes(response.into_body(), usize::MAX).await;
    let body = body.expect("a service in memory doesn't break off");
    Reply {
        status,
        body: String::from_utf8_lossy(&body).into_owned(),
        after,
    }
}

/// Lets everything run that can, without time going by.
pub(crate) async fn turns(count: usize) {
    for _ in 0..count {
        tokio::task::yield_now().await;
    }
}
