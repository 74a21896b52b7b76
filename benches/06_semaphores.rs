//! Chapter 06: the same calls one at a time, ten at a time, and all at once.

use std::time::Duration;

use async_workbook::upstream::{Page, Upstream};
use futures::future::join_all;
use tokio::sync::Semaphore;

use crate::suite::{Suite, runtime};

const CALLS: usize = 100;

/// What the source documents call it, what they say it takes, the latency of each call there, and by how much
/// the bench is shorter.
const SCENARIOS: [(&str, &str, u64, u32); 2] = [
    ("100 calls of 100 ms", "1 s with Semaphore(10)", 100, 10),
    ("100 requests of 500 ms", "50 s, or 0.5 s", 500, 50),
];

pub(crate) fn bench(suite: &mut Suite) {
    let runtime = runtime();
    let paths = ["calls"; CALLS];
    for (name, source, millis, scale) in SCENARIOS {
        let latency = Duration::from_millis(millis) / scale;
        let upstream = Upstream::builder().page("calls", latency).build();
        let mut ways = suite.scenario("06_semaphores", name, scale, Some(source));
        for limit in [1_u32, 10, 100] {
            let ideal = latency * paths.len().div_ceil(limit as usize) as u32;
            ways.way(&format!("limit {limit}"), Some(ideal), |bencher| {
                bencher
                    .to_async(&runtime)
                    .iter(|| fetch_many(&upstream, &paths, limit as usize));
            });
        }
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
