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

use std::{error::Error, fmt::Debug, time::Duration};

use async_workbook::{
    clock::{Clock, Readable},
    services::upstream::{Page, Upstream},
    timeline::Recorder,
};
use real_services::http::OverHttp as _;

const DASHBOARD: [(&str, u64); 3] = [("users", 500), ("posts", 300), ("comments", 200)];
const URLS: [&str; 5] = ["urls/1", "urls/2", "urls/3", "urls/4", "urls/5"];

fn main() -> Result<(), Box<dyn Error>> {
    let clock = Clock::from_env()?;
    // One thread is enough: what overlaps here is waiting, and waiting needs no thread.
    clock.runtime()?.block_on(lesson(clock))
}

async fn lesson(clock: Clock) -> Result<(), Box<dyn Error>> {
    let recorder = Recorder::new();
    recorder.install()?;
    let upstream = match clock {
        Clock::Real => service().over_http().await?,
        Clock::Virtual => service(),
    };

    let title = "A dashboard of 0.5, 0.3 and 0.2 s";
    let (slow, fast) = (in_turn(&upstream), gathered(&upstream));
    let dashboard = compare(title, slow, fast, &recorder).await;
    let (slow, fast) = (five_in_turn(&upstream), five_gathered(&upstream));
    let five = compare("Five calls of 100 ms", slow, fast, &recorder).await;
    println!("{dashboard}\n{five}");
    Ok(())
}

// ANCHOR: in_turn
async fn in_turn(upstream: &Upstream) -> [Page; 3] {
    let users = upstream.fetch("users").await;
    // Nothing below an `.await` runs until it is over.
    let posts = upstream.fetch("posts").await;
    let comments = upstream.fetch("comments").await;
    [users, posts, comments]
}
// ANCHOR_END: in_turn

// ANCHOR: gathered
async fn gathered(upstream: &Upstream) -> [Page; 3] {
    // `fetch` makes a future and starts nothing; `join!` polls all three.
    let (users, posts, comments) = tokio::join!(
        upstream.fetch("users"),
        upstream.fetch("posts"),
        upstream.fetch("comments"),
    );
    [users, posts, comments]
}
// ANCHOR_END: gathered

async fn five_in_turn(upstream: &Upstream) -> Vec<Page> {
    let mut pages = Vec::new();
    for url in URLS {
        // A loop awaits in turn as well.
        pages.push(upstream.fetch(url).await);
    }
    pages
}

// ANCHOR: five_gathered
async fn five_gathered(upstream: &Upstream) -> Vec<Page> {
    // `join!` wants a line for each call, so it can't gather a list of any length.
    let (one, two, three, four, five) = tokio::join!(
        upstream.fetch("urls/1"),
        upstream.fetch("urls/2"),
        upstream.fetch("urls/3"),
        upstream.fetch("urls/4"),
        upstream.fetch("urls/5"),
    );
    vec![one, two, three, four, five]
}
// ANCHOR_END: five_gathered

fn service() -> Upstream {
    let mut service = Upstream::builder();
    for (path, latency) in DASHBOARD.into_iter().chain(URLS.map(|url| (url, 100))) {
        service = service.page(path, Duration::from_millis(latency));
    }
    service.build()
}

/// Awaits one and then the other, draws both, and returns the line that compares them.
async fn compare<P: Debug + PartialEq>(
    title: &str,
    in_turn: impl Future<Output = P>,
    gathered: impl Future<Output = P>,
    recorder: &Recorder,
) -> String {
    let (slow_pages, slow) = recorder.watch(in_turn).await;
    let (fast_pages, fast) = recorder.watch(gathered).await;
    assert_eq!(slow_pages, fast_pages, "the same pages, in the same order");

    println!("{title}, awaited in turn:\n\n{slow}\n{title}, gathered:\n\n{fast}");
    let times = slow.total.as_secs_f64() / fast.total.as_secs_f64();
    let (slow, fast) = (Readable(slow.total), Readable(fast.total));
    format!("{title:35} in turn {slow:7} gathered {fast:7} {times:.1} times as fast")
}
