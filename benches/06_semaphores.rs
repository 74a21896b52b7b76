//! Chapter 06: the same calls one at a time, ten at a time, and all at once.

use std::time::Duration;

use async_workbook::upstream::{Page, Upstream};
use criterion::{BenchmarkId, Criterion};
use futures::future::join_all;
use tokio::{
    runtime::{Builder, Runtime},
    sync::Semaphore,
};

const CALLS: usize = 100;

/// What the source documents call it, the latency of each call there, and by how much the bench is shorter.
const SCENARIOS: [(&str, u64, u32); 2] = [
    ("100 calls of 100 ms", 100, 20),
    ("100 requests of 500 ms", 500, 100),
];

pub(crate) fn bench(criterion: &mut Criterion) {
    let runtime = runtime();
    let paths = ["calls"; CALLS];
    for (name, millis, scale) in SCENARIOS {
        let latency = Duration::from_millis(millis) / scale;
        let upstream = Upstream::builder().page("calls", latency).build();
        let mut group = criterion.benchmark_group(format!("06_semaphores/{name}, 1:{scale}"));
        for limit in [1, 10, CALLS] {
            // What it would take if nothing but the calls took time.
            let ideal = latency * CALLS.div_ceil(limit) as u32;
            let id = BenchmarkId::new(format!("limit {limit}"), format!("ideal {ideal:?}"));
            group.bench_function(id, |bencher| {
                bencher
                    .to_async(&runtime)
                    .iter(|| fetch_many(&upstream, &paths, limit));
            });
        }
        group.finish();
    }
}

async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: usize) -> Vec<Page> {
    let semaphore = &Semaphore::new(limit);
    let calls = paths.iter().map(|path| async move {
        let _permit = semaphore.acquire().await.expect("it is never closed");
        upstream.fetch(path).await
    });
    join_all(calls).await
}

/// One thread: what is measured is overlapping waits, which need no second one.
fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs nothing but file descriptors")
}
