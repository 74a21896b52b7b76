//! Calls made in turn, and the same calls made together.

use std::time::Duration;

use async_workbook::services::upstream::{Page, Upstream};
use real_services::http::OverHttp as _;

use crate::suite::{Suite, runtime};

/// Calls with these latencies, and how they are reached.
pub(crate) struct Calls {
    /// What the source documents call them: `0.5, 0.3 and 0.2 s`.
    pub(crate) name: &'static str,
    /// What the source documents say they take, in turn and together.
    pub(crate) source: &'static str,
    /// The latency of each call in the source documents, in milliseconds.
    pub(crate) millis: &'static [u64],
    /// By how much the bench is shorter.
    pub(crate) scale: u32,
    /// Whether the calls go over real HTTP on loopback.
    pub(crate) over_http: bool,
}

/// Measures calls both ways.
pub(crate) fn bench(
    suite: &mut Suite,
    chapter: &str,
    calls: &Calls,
    sequential: impl AsyncFn(&Upstream, &[&str]) -> Vec<Page>,
    concurrent: impl AsyncFn(&Upstream, &[&str]) -> Vec<Page>,
) {
    let runtime = runtime();
    let names: Vec<String> = (0..calls.millis.len())
        .map(|index| format!("calls/{index}"))
        .collect();
    let paths: Vec<&str> = names.iter().map(String::as_str).collect();
    let latency = |millis: &u64| Duration::from_millis(*millis) / calls.scale;
    let upstream = std::iter::zip(&names, calls.millis)
        .fold(Upstream::builder(), |builder, (name, millis)| {
            builder.page(name, latency(millis))
        })
        .build();
    let upstream = if calls.over_http {
        runtime
            .block_on(upstream.over_http())
            .expect("loopback is there")
    } else {
        upstream
    };
    let sum = calls.millis.iter().map(latency).sum();
    let longest = calls.millis.iter().map(latency).max();
    let mut ways = suite.scenario(chapter, calls.name, calls.scale, Some(calls.source));
    if !calls.over_http {
        ways.waits(calls.millis.iter().map(latency));
    }
    ways.way("sequential", Some(sum), |bencher| {
        bencher
            .to_async(&runtime)
            .iter(|| sequential(&upstream, &paths));
    });
    if !calls.over_http {
        ways.at_once(1);
    }
    ways.way("concurrent", longest, |bencher| {
        bencher
            .to_async(&runtime)
            .iter(|| concurrent(&upstream, &paths));
    });
    if !calls.over_http {
        ways.at_once(calls.millis.len());
    }
}
