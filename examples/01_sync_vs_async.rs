//! Sync and async: waiting is not working.
//!
//! A thread that waits for an answer does no work. A blocking call keeps the thread all the same; `.await`
//! gives it back until the answer is there. That alone makes nothing faster: calls that are awaited one by
//! one still take the sum of their latencies. Calls that wait together take as long as the slowest.
//!
//!     cargo run --example 01_sync_vs_async
//!
//! makes three calls of 1 s in three ways, and one call whose future is made a second before it is awaited.
//! After 3 s it draws who waited when, and ends with these lines, give or take some milliseconds:
//!
//!     blocking             3.0 s   and 0 turns for another task on the thread
//!     awaited one by one   3.0 s   and 8 turns for another task on the thread
//!     joined               1.0 s   and 2 turns for another task on the thread
//!     made, then awaited   2.0 s   and 5 turns for another task on the thread
//!
//! The service is simulated in memory. With `WORKBOOK_CLOCK=virtual` it ends at once, and all figures are exact.

use std::{error::Error, io, sync::mpsc, thread, time::Duration};

use async_workbook::{
    clock::{Clock, Readable},
    services::upstream::{Page, Upstream},
    timeline::{Recorder, Timeline},
};
use tokio::{runtime::Runtime, time::sleep};

fn main() -> Result<(), Box<dyn Error>> {
    let clock = Clock::from_env()?;
    // Side by side, each on a thread and a runtime of its own, so that you need not wait for each in turn.
    let threads = WAYS.map(|(title, way)| (title, thread::spawn(move || watch_way(way, clock))));
    let mut lines = String::new();
    for (title, thread) in threads {
        let (timeline, turns) = thread.join().expect("no way panics")?;
        println!("{title}:\n\n{timeline}");
        let took = Readable(timeline.total);
        lines += &format!("{title:20} {took:7} and {turns} turns for another task on the thread\n");
    }
    print!("{lines}");
    Ok(())
}

type Way = fn(&Runtime, &Upstream) -> Vec<Page>;
// `block_on` has a runtime poll a future until it is done. Blocking code needs no runtime.
const WAYS: [(&str, Way); 4] = [
    ("blocking", |_, upstream| blocking(upstream)),
    ("awaited one by one", |runtime, upstream| {
        runtime.block_on(one_by_one(upstream))
    }),
    ("joined", |runtime, upstream| {
        runtime.block_on(joined(upstream))
    }),
    ("made, then awaited", |runtime, upstream| {
        runtime.block_on(made_then_awaited(upstream))
    }),
];

// ANCHOR: blocking
fn blocking(upstream: &Upstream) -> Vec<Page> {
    // Each call returns with its page. Until then the thread is in there, and does nothing.
    let users = upstream.fetch_blocking("users");
    let posts = upstream.fetch_blocking("posts");
    let comments = upstream.fetch_blocking("comments");
    vec![users, posts, comments]
}
// ANCHOR_END: blocking

// ANCHOR: one_by_one
async fn one_by_one(upstream: &Upstream) -> Vec<Page> {
    // Each `.await` gives the thread back. But this function goes on only when the page is there.
    let users = upstream.fetch("users").await;
    let posts = upstream.fetch("posts").await;
    let comments = upstream.fetch("comments").await;
    vec![users, posts, comments]
}
// ANCHOR_END: one_by_one

// ANCHOR: joined
async fn joined(upstream: &Upstream) -> Vec<Page> {
    // Three futures, and one wait for all of them, inside `join!`.
    let (users, posts, comments) = tokio::join!(
        upstream.fetch("users"),
        upstream.fetch("posts"),
        upstream.fetch("comments"),
    );
    vec![users, posts, comments]
}
// ANCHOR_END: joined

// ANCHOR: made_then_awaited
async fn made_then_awaited(upstream: &Upstream) -> Vec<Page> {
    let users = upstream.fetch("users"); // A future. Nothing has been asked for.
    sleep(Duration::from_secs(1)).await;
    assert_eq!(upstream.hits(), 0, "a second later there is still no call");
    vec![users.await] // The call begins here.
}
// ANCHOR_END: made_then_awaited

/// Goes one way, and returns its timeline with how often another task had the thread meanwhile.
fn watch_way(way: Way, clock: Clock) -> io::Result<(Timeline, usize)> {
    let upstream = Upstream::builder()
        .clock(clock)
        .page("users", Duration::from_secs(1))
        .page("posts", Duration::from_secs(1))
        .page("comments", Duration::from_secs(1))
        .build();
    let runtime = clock.runtime()?;
    // Another task would like the thread every 0.35 s, and reports each turn that it is given.
    let (turn, turns) = mpsc::channel();
    runtime.spawn(async move {
        loop {
            sleep(Duration::from_millis(350)).await;
            turn.send(()).expect("the turns are counted below");
        }
    });
    let recorder = Recorder::new();
    let _attached = recorder.attach();
    way(&runtime, &upstream);
    Ok((recorder.timeline(), turns.try_iter().count()))
}
