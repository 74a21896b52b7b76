//! Timeouts: bound every wait.
//!
//! A call may take far longer than usual, or for ever. Whoever waits decides: give up (a timeout), try again
//! until a deadline (retries), or ask twice (a hedge). What is given up is dropped.
//!
//!     cargo run --example 05_timeouts
//!
//! calls a service over real HTTP, whose first answer takes 0.8 s and every later one 0.1 s, and prints
//!
//!     A timeout of 0.3 s: nothing after 0.3 s
//!     Retries, 0.2 s each: a page after 0.4 s
//!     Hedged after 0.2 s: a page after 0.3 s
//!
//! give or take some milliseconds, each with its timeline; then retries of calls that fail at once, and, on a
//! paused clock, a 504 after 5 s. With `WORKBOOK_CLOCK=virtual` every clock is paused, and every figure exact.

use std::{error::Error, time::Duration};

use async_workbook::{
    clock::{Clock, Readable},
    services::upstream::{Page, Route, Upstream},
    timeline::Recorder,
};
use axum::{Router, body::Body, extract::State, http::Request, http::StatusCode, routing::get};
use real_services::http::OverHttp as _;
use tokio::time::{sleep, timeout};
use tower::ServiceExt as _;

const MS: Duration = Duration::from_millis(1);

fn main() -> Result<(), Box<dyn Error>> {
    let (clock, recorder) = (Clock::from_env()?, Recorder::new());
    recorder.install()?;
    clock.runtime()?.block_on(policies(clock, &recorder))?;
    Clock::Virtual.runtime()?.block_on(endpoint(&recorder))
}

async fn policies(clock: Clock, recorder: &Recorder) -> Result<(), Box<dyn Error>> {
    let fast = |path| Route::new(path).latency(100 * MS);
    let failing = fast("search/4").first(3, Route::new("search/4").fails(503));
    let mut service = Upstream::builder().route(failing);
    // A path for each policy, so that each of them meets the slow first call.
    for path in ["search/1", "search/2", "search/3"] {
        service = service.route(fast(path).first(1, fast(path).latency(800 * MS)));
    }
    let mut up = service.build();
    if clock == Clock::Real {
        up = up.over_http().await?;
    }
    show(recorder, "A timeout of 0.3 s", limited(&up, "search/1")).await;
    show(recorder, "Retries, 0.2 s each", retried(&up, "search/2")).await;
    show(recorder, "Hedged after 0.2 s", hedged(&up, "search/3")).await;
    show(recorder, "Retries after failures", retried(&up, "search/4")).await;
    Ok(())
}

// ANCHOR: timeout
async fn limited(upstream: &Upstream, path: &str) -> Option<Page> {
    // When the time is up, the call is dropped, and with it the connection that it waits on.
    timeout(300 * MS, upstream.fetch(path)).await.ok()
}
// ANCHOR_END: timeout

// ANCHOR: retry
async fn retried(upstream: &Upstream, path: &str) -> Option<Page> {
    let attempts = async {
        let mut wait = 100 * MS;
        loop {
            // A future that has ended never begins again: each attempt is a new call.
            if let Ok(Ok(page)) = timeout(200 * MS, upstream.get(path)).await {
                return page;
            }
            sleep(wait).await;
            wait *= 2;
        }
    };
    // The total bounds the attempts and the waits between them, wherever they stand.
    timeout(1000 * MS, attempts).await.ok()
}
// ANCHOR_END: retry

// ANCHOR: hedge
async fn hedged(upstream: &Upstream, path: &str) -> Option<Page> {
    let second = async {
        sleep(200 * MS).await;
        upstream.fetch(path).await
    };
    // Both are polled from the start. The first to end decides, and the other is dropped.
    tokio::select! {
        page = upstream.fetch(path) => Some(page),
        page = second => Some(page),
    }
}
// ANCHOR_END: hedge

// ANCHOR: endpoint
async fn data(State(upstream): State<Upstream>) -> Result<String, StatusCode> {
    let page = timeout(Duration::from_secs(5), upstream.fetch("data")).await;
    page.map(|page| page.body)
        .map_err(|_elapsed| StatusCode::GATEWAY_TIMEOUT)
}
// ANCHOR_END: endpoint

async fn endpoint(recorder: &Recorder) -> Result<(), Box<dyn Error>> {
    let slow = Upstream::builder().page("data", 60_000 * MS).build();
    let app = Router::new().route("/data-timeout", get(data));
    // In memory, without a socket: the paused clock knows of nothing outside of its runtime.
    let request = Request::get("/data-timeout").body(Body::empty())?;
    let (response, timeline) = recorder.watch(app.with_state(slow).oneshot(request)).await;
    let (status, took) = (response?.status(), Readable(timeline.total));
    println!("GET /data-timeout: {status} after {took}\n\n{timeline}");
    Ok(())
}

async fn show(recorder: &Recorder, title: &str, policy: impl Future<Output = Option<Page>>) {
    let (page, timeline) = recorder.watch(policy).await;
    let what = page.map_or("nothing", |_| "a page");
    let took = Readable(timeline.total);
    println!("{title}: {what} after {took}\n\n{timeline}");
}
