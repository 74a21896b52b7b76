//! Chapter 06: the same calls one at a time, ten at a time, and all at once.

use std::{process::ExitCode, time::Duration};

use async_workbook::services::upstream::{Page, Upstream};
use futures::future::join_all;
use real_services::http::OverHttp as _;
use suite::{Suite, runtime};
use tokio::sync::Semaphore;

const CALLS: usize = 100;

/// The same calls under several limits.
struct Limits {
    /// What the source documents call it.
    name: &'static str,
    /// What they say it takes.
    source: &'static str,
    /// The latency of each call there, in milliseconds.
    millis: u64,
    /// By how much the bench is shorter.
    scale: u32,
    /// Whether the calls go over real HTTP on loopback.
    over_http: bool,
    limits: &'static [usize],
}

const SCENARIOS: [Limits; 2] = [
    Limits {
        name: "100 calls of 100 ms",
        source: "1 s with Semaphore(10)",
        millis: 100,
        scale: 2,
        over_http: false,
        limits: &[10, 100],
    },
    Limits {
        name: "100 requests of 500 ms over HTTP",
        source: "50 s, or 0.5 s",
        millis: 500,
        scale: 10,
        over_http: true,
        limits: &[1, 10, 100],
    },
];

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    let runtime = runtime();
    let paths = ["calls"; CALLS];
    for scenario in SCENARIOS {
        let latency = Duration::from_millis(scenario.millis) / scenario.scale;
        let upstream = Upstream::builder().page("calls", latency).build();
        let upstream = if scenario.over_http {
            let remote = runtime.block_on(upstream.over_http());
            remote.expect("loopback is there")
        } else {
            upstream
        };
        let mut ways = suite.scenario(
            "06_semaphores",
            scenario.name,
            scenario.scale,
            Some(scenario.source),
        );
        ways.waits([latency; CALLS]);
        for &limit in scenario.limits {
            let ideal = latency * CALLS.div_ceil(limit) as u32;
            ways.way(&format!("limit {limit}"), Some(ideal), |bencher| {
                bencher
                    .to_async(&runtime)
                    .iter(|| fetch_many(&upstream, &paths, limit));
            });
            if !scenario.over_http {
                ways.at_once(limit);
            }
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
