//! Semaphores: bound the work in flight.
//!
//! A semaphore holds a number of permits. A call takes one and keeps it until it has ended; a call that
//! finds none waits. There are never more calls in flight than permits, and no place is left idle.
//!
//!     cargo run --example 06_semaphores
//!
//! makes a hundred calls one at a time, under a limit of 10, and all at once, and draws how many were in
//! flight. Then it keeps a limit by chunks and by a semaphore. With `WORKBOOK_CLOCK=virtual` it ends with
//!
//!     100 calls of 100 ms           one at a time 10.0 s  limit 10 1.0 s   no limit 0.1 s
//!     100 requests of 500 ms        one at a time 50.0 s  limit 10 5.0 s   no limit 0.5 s
//!
//! In real time it calls over real HTTP, and the hundred calls are shorter by a factor that it prints, such as 1:20.

use std::{error::Error, io, iter::zip, sync::Arc, time::Duration};

use async_workbook::{
    clock::{Clock, Readable},
    services::upstream::{Page, Upstream},
    timeline::{Recorder, Timeline},
};
use futures::future::join_all;
use real_services::http::OverHttp as _;
use tokio::{sync::Semaphore, task::JoinSet};

fn main() -> Result<(), Box<dyn Error>> {
    let clock = Clock::from_env()?;
    clock.runtime()?.block_on(lesson(clock))
}

async fn lesson(clock: Clock) -> Result<(), Box<dyn Error>> {
    let recorder = Recorder::new();
    recorder.install()?;
    let calls = service("100 calls of 100 ms", &[100; 100], clock, 20).await?;
    let ways = three_ways(&calls, &recorder).await;
    for (limit, way) in zip(["one at a time", "limit 10", "no limit"], &ways) {
        println!("{}, {limit}:\n\n{}", calls.title, way.gauge());
    }
    let mixed = [200, 50, 50, 50].repeat(3);
    let uneven = service("12 calls of 200 or 50 ms", &mixed, clock, 1).await?;
    let (_, chunks) = recorder.watch(in_chunks(&uneven, 4)).await;
    let (_, window) = recorder.watch(limited(&uneven, 4)).await;
    let title = uneven.title;
    println!("{title}, chunks of 4:\n\n{chunks}\n{title}, limit 4:\n\n{window}");
    let requests = service("100 requests of 500 ms", &[500; 100], clock, 100).await?;
    let longer = three_ways(&requests, &recorder).await;
    for (service, ways) in [(calls, ways), (requests, longer)] {
        let [one, ten, all] = ways.map(|way| Readable(way.total));
        let title = service.title;
        println!("{title:29} one at a time {one:7} limit 10 {ten:7} no limit {all}");
    }
    Ok(())
}

// ANCHOR: limited
/// A request, which knows nothing of the others. The semaphore is all that they share.
async fn handle(upstream: Upstream, path: String, permits: Arc<Semaphore>) -> Page {
    // Waits for a permit, and keeps it until the end of this function.
    let _permit = permits.acquire().await.expect("nobody closes it");
    upstream.fetch(&path).await
}

/// The requests arrive together, and each has a task of its own.
async fn limited(service: &Service, limit: usize) -> Vec<Page> {
    let permits = Arc::new(Semaphore::new(limit));
    let mut requests = JoinSet::new();
    for path in service.paths.clone() {
        requests.spawn(handle(service.upstream.clone(), path, permits.clone()));
    }
    requests.join_all().await
}
// ANCHOR_END: limited

// ANCHOR: in_chunks
async fn in_chunks(service: &Service, limit: usize) -> Vec<Page> {
    let mut pages = Vec::new();
    for chunk in service.paths.chunks(limit) {
        let calls = chunk.iter().map(|path| service.upstream.fetch(path));
        // Ends when the slowest call of the chunk does; until then, places stay empty.
        pages.extend(join_all(calls).await);
    }
    pages
}
// ANCHOR_END: in_chunks

async fn three_ways(service: &Service, recorder: &Recorder) -> [Timeline; 3] {
    let (_, one) = recorder.watch(limited(service, 1)).await;
    let (_, ten) = recorder.watch(limited(service, 10)).await;
    let (_, all) = recorder.watch(limited(service, service.paths.len())).await;
    [one, ten, all]
}

struct Service {
    title: String,
    upstream: Upstream,
    paths: Vec<String>,
}

/// One path a latency. In real time, each latency is divided by `shorter`.
async fn service(title: &str, millis: &[u64], clock: Clock, shorter: u32) -> io::Result<Service> {
    let (title, shorter) = match clock {
        Clock::Real if shorter > 1 => (format!("{title}, 1:{shorter}"), shorter),
        _ => (title.to_owned(), 1),
    };
    let paths: Vec<_> = (0..millis.len()).map(|n| format!("calls/{n}")).collect();
    let mut builder = Upstream::builder();
    for (path, &millis) in zip(&paths, millis) {
        builder = builder.page(path, Duration::from_millis(millis) / shorter);
    }
    let upstream = match clock {
        Clock::Real => builder.build().over_http().await?,
        Clock::Virtual => builder.build(),
    };
    Ok(Service {
        title,
        upstream,
        paths,
    })
}
