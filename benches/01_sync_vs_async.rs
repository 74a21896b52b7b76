//! Chapter 01: three calls of 1 s, blocking, awaited one by one, and joined.

use std::{process::ExitCode, time::Duration};

use async_workbook::services::upstream::{Page, Upstream};
use suite::{Suite, runtime};

/// By how much the bench is shorter than the source document's calls of 1 s.
const SCALE: u32 = 20;

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    let latency = Duration::from_secs(1) / SCALE;
    let upstream = Upstream::builder()
        .page("users", latency)
        .page("posts", latency)
        .page("comments", latency)
        .build();
    let runtime = runtime();
    let sum = Some(3 * latency);
    suite
        .scenario(
            "01_sync_vs_async",
            "3 calls of 1 s",
            SCALE,
            Some("3 s, or 1 s"),
        )
        .waits([latency; 3])
        .way("blocking", sum, |bencher| {
            bencher.iter(|| blocking(&upstream))
        })
        .way("awaited one by one", sum, |bencher| {
            bencher.to_async(&runtime).iter(|| one_by_one(&upstream));
        })
        .at_once(1)
        .way("joined", Some(latency), |bencher| {
            bencher.to_async(&runtime).iter(|| joined(&upstream));
        })
        .at_once(3);
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
