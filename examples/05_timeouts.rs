//! Timeouts: bound every wait.
//!
//! A call may take for ever. Give up at a deadline, try again until then, or ask twice. What is given up is dropped.
//!
//!     cargo run --example 05_timeouts
//!
//! calls a service over real HTTP, where a search takes 0.8 s the first time and 0.1 s later on, and prints
//!
//!     Two calls, 0.3 s in all: nothing after 0.3 s
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
use tokio::time::{Instant, sleep, timeout, timeout_at};
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
    let mut service = Upstream::builder().page("session", 100 * MS).route(failing);
    for path in ["search/1", "search/2", "search/3"] {
        service = service.route(fast(path).first(1, fast(path).latency(800 * MS)));
    }
    let mut up = service.build();
    if clock == Clock::Real {
        up = up.over_http().await?;
    }
    let both = both(&up, "search/1", Instant::now() + 300 * MS);
    show(recorder, "Two calls, 0.3 s in all", both).await;
    let retried = |path| retried(&up, path, Instant::now() + 1000 * MS);
    show(recorder, "Retries, 0.2 s each", retried("search/2")).await;
    show(recorder, "Hedged after 0.2 s", hedged(&up, "search/3")).await;
    show(recorder, "Retries after failures", retried("search/4")).await;
    Ok(())
}

// ANCHOR: deadline
async fn both(upstream: &Upstream, path: &str, deadline: Instant) -> Option<Page> {
    timeout_at(deadline, upstream.fetch("session")).await.ok()?;
    // The time that this took is gone. At the deadline, the next call is dropped where it stands.
    timeout_at(deadline, upstream.fetch(path)).await.ok()
}
// ANCHOR_END: deadline

// ANCHOR: retry
async fn retried(upstream: &Upstream, path: &str, deadline: Instant) -> Option<Page> {
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
    // The deadline ends the attempts and the waits between them, wherever they stand.
    timeout_at(deadline, attempts).await.ok()
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
    let page = both(&upstream, "data", Instant::now() + Duration::from_secs(5)).await;
    Ok(page.ok_or(StatusCode::GATEWAY_TIMEOUT)?.body)
}
// ANCHOR_END: endpoint

async fn endpoint(recorder: &Recorder) -> Result<(), Box<dyn Error>> {
    let service = Upstream::builder().page("session", 100 * MS);
    let slow = service.page("data", 60_000 * MS).build();
    let app = Router::new().route("/data-timeout", get(data));
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
