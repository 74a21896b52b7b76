//! Calls made in turn, and the same calls made together.

use std::time::Duration;

use async_workbook::services::upstream::{Page, Upstream};
use tokio::runtime::Runtime;

use crate::Suite;

/// Calls with these latencies, and how they are reached.
pub struct Calls {
    /// What the source documents call them: `0.5, 0.3 and 0.2 s`.
    pub name: &'static str,
    /// What the source documents say they take, in turn and together.
    pub source: &'static str,
    /// The latency of each call in the source documents, in milliseconds.
    pub millis: &'static [u64],
    /// By how much the bench is shorter.
    pub scale: u32,
}

impl Calls {
    /// The service that is called. Over real HTTP it needs what only some chapters have: they put it behind it themselves.
    #[must_use]
    pub fn upstream(&self) -> Upstream {
        let calls = std::iter::zip(self.paths(), self.latencies());
        calls
            .fold(Upstream::builder(), |builder, (path, latency)| {
                builder.page(&path, latency)
            })
            .build()
    }

    fn paths(&self) -> impl Iterator<Item = String> {
        (0..self.millis.len()).map(|index| format!("calls/{index}"))
    }

    fn latencies(&self) -> impl Iterator<Item = Duration> {
        let scale = self.scale;
        let latencies = self.millis.iter();
        latencies.map(move |millis| Duration::from_millis(*millis) / scale)
    }
}

/// Measures calls to [their service](Calls::upstream) both ways.
pub fn bench(
    suite: &mut Suite,
    runtime: &Runtime,
    chapter: &str,
    calls: &Calls,
    upstream: &Upstream,
    sequential: impl AsyncFn(&Upstream, &[&str]) -> Vec<Page>,
    concurrent: impl AsyncFn(&Upstream, &[&str]) -> Vec<Page>,
) {
    let names: Vec<String> = calls.paths().collect();
    let paths: Vec<&str> = names.iter().map(String::as_str).collect();
    // What goes over HTTP is more than waits.
    let only_waits = upstream.url().is_none();
    let sum = calls.latencies().sum();
    let longest = calls.latencies().max();
    let mut ways = suite.scenario(chapter, calls.name, calls.scale, Some(calls.source));
    if only_waits {
        ways.waits(calls.latencies());
    }
    ways.way("sequential", Some(sum), |bencher| {
        bencher
            .to_async(runtime)
            .iter(|| sequential(upstream, &paths));
    });
    if only_waits {
        ways.at_once(1);
    }
    ways.way("concurrent", longest, |bencher| {
        bencher
            .to_async(runtime)
            .iter(|| concurrent(upstream, &paths));
    });
    if only_waits {
        ways.at_once(calls.millis.len());
    }
}
