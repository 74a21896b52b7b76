//! Timeouts: bound every wait.
//!
//! A call may take far longer than usual, or for ever. Whoever waits decides for how long: give up (a
//! timeout), try again (with longer and longer waits, until a deadline), or ask twice (a hedge). What is
//! given up is dropped, and ends there.
//!
//!     cargo run --example 05_timeouts
//!
//! calls a service on this machine over real HTTP. Its first call takes 0.8 s, every later one 0.1 s. It is
//! called under each of these policies, drawn, and summed up:
//!
//!     No limit                  a page after 0.8 s
//!     A timeout of 0.3 s        nothing after 0.3 s
//!     Retries, 0.2 s each       a page after 0.4 s
//!     Hedged after 0.2 s        a page after 0.3 s
//!
//! give or take some milliseconds. The same retries follow where three calls fail at once. With
//! `WORKBOOK_CLOCK=virtual`, all of it runs in memory on tokio's paused clock, and is exact. The last part,
//! an endpoint that answers 504 after 5 s, always does: nobody waits for it.

use std::{error::Error, pin::pin, time::Duration};

use async_workbook::{
    clock::{Clock, Readable, timed},
    timeline::Recorder,
    upstream::{Page, Route, Upstream, UpstreamError},
};
use axum::{Router, body::Body, extract::State, http::Request, http::StatusCode, routing::get};
use tokio::time::{error::Elapsed, sleep, timeout};
use tower::ServiceExt as _;

type Answer = Result<Result<Page, UpstreamError>, Elapsed>;

fn main() -> Result<(), Box<dyn Error>> {
    let (clock, recorder) = (Clock::from_env()?, Recorder::new());
    recorder.install()?;
    clock.runtime()?.block_on(policies(clock, &recorder))?;
    Clock::Virtual.runtime()?.block_on(endpoint(&recorder))
}

async fn policies(clock: Clock, recorder: &Recorder) -> Result<(), Box<dyn Error>> {
    let call = || Route::new("search").latency(ms(100));
    let slow = || call().first(1, call().latency(ms(800)));
    let failing = || call().first(3, Route::new("search").fails(503));
    let stage = (clock, recorder);
    show("No limit", slow(), stage, async |upstream| {
        Ok(upstream.get("search").await)
    })
    .await?;
    show("A timeout of 0.3 s", slow(), stage, limited).await?;
    show("Retries, 0.2 s each", slow(), stage, retried).await?;
    show("Hedged after 0.2 s", slow(), stage, hedged).await?;
    show("Retries, three failures", failing(), stage, retried).await
}

// ANCHOR: timeout
async fn limited(upstream: &Upstream) -> Answer {
    // When the time is up, the call is dropped, and with it the connection that it waits on.
    timeout(ms(300), upstream.get("search")).await
}
// ANCHOR_END: timeout

// ANCHOR: retry
async fn retried(upstream: &Upstream) -> Answer {
    let attempts = async {
        let mut wait = ms(100);
        loop {
            // A future ends once: each attempt needs a new one.
            if let Ok(Ok(page)) = timeout(ms(200), upstream.get("search")).await {
                return Ok(page);
            }
            sleep(wait).await;
            wait *= 2;
        }
    };
    // The total bounds the attempts and the waits between them, wherever they stand.
    timeout(ms(1000), attempts).await
}
// ANCHOR_END: retry

// ANCHOR: hedge
async fn hedged(upstream: &Upstream) -> Answer {
    let mut first = pin!(upstream.get("search"));
    // The timeout drops what it was handed: a reference, so that the call itself goes on.
    if let Ok(answer) = timeout(ms(200), &mut first).await {
        return Ok(answer);
    }
    Ok(tokio::select! {
        answer = first => answer,
        answer = upstream.get("search") => answer,
    })
}
// ANCHOR_END: hedge

// ANCHOR: endpoint
async fn data(State(upstream): State<Upstream>) -> Result<String, StatusCode> {
    match timeout(Duration::from_secs(5), upstream.fetch("data")).await {
        Ok(page) => Ok(page.body),
        Err(_elapsed) => Err(StatusCode::GATEWAY_TIMEOUT),
    }
}
// ANCHOR_END: endpoint

async fn endpoint(recorder: &Recorder) -> Result<(), Box<dyn Error>> {
    let upstream = Upstream::builder()
        .page("data", Duration::from_secs(60))
        .build();
    let app = Router::new()
        .route("/data-timeout", get(data))
        .with_state(upstream);
    // The router is called in memory: no socket, and so nothing that the paused clock cannot know of.
    let call = app.oneshot(Request::get("/data-timeout").body(Body::empty())?);
    let ((response, took), timeline) = recorder.watch(timed(call)).await;
    let status = response?.status();
    println!("GET /data-timeout, whose upstream takes a minute:\n\n{timeline}");
    println!(
        "GET /data-timeout         {status} after {}",
        Readable(took)
    );
    Ok(())
}

/// Calls an upstream with this route, draws the calls, and says what came of it.
async fn show(
    title: &str,
    route: Route,
    (clock, recorder): (Clock, &Recorder),
    policy: impl AsyncFn(&Upstream) -> Answer,
) -> Result<(), Box<dyn Error>> {
    let upstream = Upstream::builder().route(route).build();
    let upstream = match clock {
        Clock::Real => upstream.over_http().await?,
        Clock::Virtual => upstream,
    };
    let (answer, timeline) = recorder.watch(policy(&upstream)).await;
    let what = if let Ok(Ok(_)) = answer {
        "a page"
    } else {
        "nothing"
    };
    println!(
        "{timeline}\n{title:25} {what} after {}\n",
        Readable(timeline.total)
    );
    Ok(())
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
