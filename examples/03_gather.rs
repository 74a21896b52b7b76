//! Gather: overlap the waits.
//!
//! Almost all of a call to another service is waiting. Awaited in turn, calls take the sum of their
//! latencies; awaited together, they take as long as the slowest.
//!
//!     cargo run --example 03_gather
//!
//! calls a service on this machine over real HTTP: first the 0.5, 0.3 and 0.2 s of a dashboard, then
//! five calls of 100 ms, each in turn and gathered. It draws who waited when, and ends with
//!
//!     A dashboard of 0.5, 0.3 and 0.2 s   in turn 1.0 s   gathered 0.5 s   2.0 times as fast
//!     Five calls of 100 ms                in turn 0.5 s   gathered 0.1 s   5.0 times as fast
//!
//! give or take some milliseconds. With `WORKBOOK_CLOCK=virtual` the same program calls the service in
//! memory, on tokio's paused clock: it ends at once, and every figure is exact.

use std::{error::Error, time::Duration};

use async_workbook::{
    clock::{Clock, Readable},
    services::upstream::{Page, Upstream},
    timeline::{Recorder, Timeline},
};
use futures::future::join_all;
use real_services::http::OverHttp as _;

const DASHBOARD: [(&str, u64); 3] = [("users", 500), ("posts", 300), ("comments", 200)];
const FIVE: [(&str, u64); 5] = [
    ("urls/1", 100),
    ("urls/2", 100),
    ("urls/3", 100),
    ("urls/4", 100),
    ("urls/5", 100),
];

fn main() -> Result<(), Box<dyn Error>> {
    let clock = Clock::from_env()?;
    // One thread is enough: what overlaps here is waiting, and waiting needs no thread.
    clock.runtime()?.block_on(lesson(clock))
}

async fn lesson(clock: Clock) -> Result<(), Box<dyn Error>> {
    let recorder = Recorder::new();
    recorder.install()?;

    let dashboard = compare(
        "A dashboard of 0.5, 0.3 and 0.2 s",
        &DASHBOARD,
        clock,
        &recorder,
    )
    .await?;
    let five = compare("Five calls of 100 ms", &FIVE, clock, &recorder).await?;
    println!("{dashboard}\n{five}");
    Ok(())
}

// ANCHOR: in_turn
async fn in_turn(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let mut pages = Vec::new();
    for path in paths {
        // Nothing else of this function runs until the page is there.
        pages.push(upstream.fetch(path).await);
    }
    pages
}
// ANCHOR_END: in_turn

// ANCHOR: gathered
async fn gathered(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    // `fetch` makes a future and starts nothing; `join_all` polls all of them.
    join_all(paths.iter().map(|path| upstream.fetch(path))).await
}
// ANCHOR_END: gathered

/// Makes the same calls both ways, draws them, and returns the line that compares them.
async fn compare(
    title: &str,
    routes: &[(&str, u64)],
    clock: Clock,
    recorder: &Recorder,
) -> Result<String, Box<dyn Error>> {
    let mut upstream = Upstream::builder();
    for &(path, latency) in routes {
        upstream = upstream.page(path, Duration::from_millis(latency));
    }
    let upstream = match clock {
        Clock::Real => upstream.build().over_http().await?,
        Clock::Virtual => upstream.build(),
    };
    let paths: Vec<&str> = routes.iter().map(|&(path, _)| path).collect();

    let (slow_pages, slow) = recorder.watch(in_turn(&upstream, &paths)).await;
    let (fast_pages, fast) = recorder.watch(gathered(&upstream, &paths)).await;
    assert_eq!(slow_pages, fast_pages, "the same pages, in the same order");

    println!("{title}, awaited in turn:\n\n{slow}\n{title}, gathered:\n\n{fast}");
    Ok(summary(title, &slow, &fast))
}

fn summary(title: &str, slow: &Timeline, fast: &Timeline) -> String {
    format!(
        "{title:35} in turn {:7} gathered {:7} {:.1} times as fast",
        Readable(slow.total),
        Readable(fast.total),
        slow.total.as_secs_f64() / fast.total.as_secs_f64()
    )
}
