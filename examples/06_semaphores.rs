//! Semaphores: bound the work in flight.
//!
//! A semaphore holds a number of permits. A call that takes one, and keeps it until it has ended, lets
//! all others wait that find none: never more calls in flight than permits, and no place left idle.
//!
//!     cargo run --example 06_semaphores
//!
//! makes a hundred calls one at a time, under a limit of 10, and all at once, and draws how many were in
//! flight; then the same limit kept by chunks, beside the semaphore's. With `WORKBOOK_CLOCK=virtual` it ends with
//!
//!     100 calls of 100 ms           one at a time 10.0 s  limit 10 1.0 s   no limit 0.1 s
//!     100 requests of 500 ms        one at a time 50.0 s  limit 10 5.0 s   no limit 0.5 s
//!
//! In real time it goes over real HTTP on this machine, each call shorter by the factor that is printed
//! (1:10, 1:100), so that all of it takes less than three seconds; some milliseconds are added.

use std::{error::Error, time::Duration};

use async_workbook::{
    clock::{Clock, Readable},
    timeline::{Recorder, Timeline},
    upstream::{Page, Upstream},
};
use futures::future::join_all;
use tokio::sync::Semaphore;

const LIMIT: usize = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let clock = Clock::from_env()?;
    clock.runtime()?.block_on(lesson(clock))
}

async fn lesson(clock: Clock) -> Result<(), Box<dyn Error>> {
    let recorder = Recorder::new();
    recorder.install()?;

    let (title, calls) = service(clock, "100 calls of 100 ms", &[100; 100], 10).await?;
    let [one, ten, all] = three_ways(&calls, &recorder).await;
    println!("{title}, one at a time:\n\n{}", one.gauge());
    println!("{title}, limit {LIMIT}:\n\n{}", ten.gauge());
    println!("{title}, no limit:\n\n{}", all.gauge());

    // One slow call in four.
    let mixed = [200, 50, 50, 50].repeat(5);
    let (name, uneven) = service(clock, "20 calls of 200 or 50 ms", &mixed, 5).await?;
    let (_, chunks) = recorder.watch(in_chunks(&uneven, 4)).await;
    let (_, window) = recorder.watch(limited(&uneven, 4)).await;
    println!("{name}, in chunks of 4:\n\n{}", chunks.gauge());
    println!("{name}, limit 4:\n\n{}", window.gauge());

    println!("{}", summary(&title, &[one, ten, all]));
    let (title, requests) = service(clock, "100 requests of 500 ms", &[500; 100], 100).await?;
    println!(
        "{}",
        summary(&title, &three_ways(&requests, &recorder).await)
    );
    Ok(())
}

// ANCHOR: limited
async fn limited((upstream, paths): &Calls, limit: usize) -> Vec<Page> {
    let semaphore = &Semaphore::new(limit);
    let calls = paths.iter().map(|path| async move {
        // Waits for a permit, and keeps it until the end of this block.
        let _permit = semaphore.acquire().await.expect("it is never closed");
        upstream.fetch(path).await
    });
    join_all(calls).await
}
// ANCHOR_END: limited

// ANCHOR: in_chunks
async fn in_chunks((upstream, paths): &Calls, limit: usize) -> Vec<Page> {
    let mut pages = Vec::new();
    for chunk in paths.chunks(limit) {
        // Ends when the slowest call of the chunk does; until then, places stay empty.
        pages.extend(join_all(chunk.iter().map(|path| upstream.fetch(path))).await);
    }
    pages
}
// ANCHOR_END: in_chunks

/// Makes the same calls one at a time, under a limit, and all at once.
async fn three_ways(calls: &Calls, recorder: &Recorder) -> [Timeline; 3] {
    let mut timelines = Vec::new();
    for limit in [1, LIMIT, calls.1.len()] {
        timelines.push(recorder.watch(limited(calls, limit)).await.1);
    }
    timelines.try_into().expect("there are three limits")
}

type Calls = (Upstream, Vec<String>);

/// A service with one path a latency, which in real time is shorter by a factor, and what to call it.
async fn service(
    clock: Clock,
    title: &str,
    millis: &[u64],
    shorter: u32,
) -> Result<(String, Calls), Box<dyn Error>> {
    let paths: Vec<_> = (0..millis.len())
        .map(|call| format!("calls/{call}"))
        .collect();
    let pages = paths.iter().zip(millis);
    let upstream = pages.fold(Upstream::builder(), |upstream, (path, &millis)| {
        let latency = Duration::from_millis(millis);
        upstream.page(
            path,
            if clock == Clock::Real {
                latency / shorter
            } else {
                latency
            },
        )
    });
    let upstream = upstream.build();
    Ok(match clock {
        Clock::Real => (
            format!("{title}, 1:{shorter}"),
            (upstream.over_http().await?, paths),
        ),
        Clock::Virtual => (title.to_owned(), (upstream, paths)),
    })
}

fn summary(title: &str, ways: &[Timeline; 3]) -> String {
    let [one, ten, all] = ways.each_ref().map(|way| Readable(way.total));
    format!("{title:29} one at a time {one:7} limit {LIMIT} {ten:7} no limit {all}")
}
