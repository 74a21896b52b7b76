//! Chapter 01: three calls of 1 s, blocking, awaited one by one, and joined.

use std::time::Duration;

use async_workbook::upstream::{Page, Upstream};
use criterion::Criterion;
use tokio::runtime::Builder;

/// By how much the bench is shorter than the source document's calls of 1 s.
const SCALE: u32 = 100;

pub(crate) fn bench(criterion: &mut Criterion) {
    let latency = Duration::from_secs(1) / SCALE;
    let upstream = Upstream::builder()
        .page("users", latency)
        .page("posts", latency)
        .page("comments", latency)
        .build();
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs nothing but file descriptors");

    let mut group = criterion.benchmark_group(format!("01_sync_vs_async/3 x 1 s, 1:{SCALE}"));
    group.bench_function("blocking", |bencher| bencher.iter(|| blocking(&upstream)));
    group.bench_function("sequential", |bencher| {
        bencher.to_async(&runtime).iter(|| one_by_one(&upstream));
    });
    group.bench_function("concurrent", |bencher| {
        bencher.to_async(&runtime).iter(|| joined(&upstream));
    });
    group.finish();
}

fn blocking(upstream: &Upstream) -> [Page; 3] {
    ["users", "posts", "comments"].map(|path| upstream.fetch_blocking(path))
}

async fn one_by_one(upstream: &Upstream) -> [Page; 3] {
    [
        upstream.fetch("users").await,
        upstream.fetch("posts").await,
        upstream.fetch("comments").await,
    ]
}

async fn joined(upstream: &Upstream) -> [Page; 3] {
    tokio::join!(
        upstream.fetch("users"),
        upstream.fetch("posts"),
        upstream.fetch("comments"),
    )
    .into()
}
