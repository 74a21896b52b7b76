//! A scenario of calls, made in turn and made together.

use std::time::Duration;

use async_workbook::upstream::{Page, Upstream};
use criterion::Criterion;
use tokio::runtime::{Builder, Runtime};

/// Calls with these latencies, and how they are reached.
pub(crate) struct Scenario {
    /// What the source document calls it: `0.5, 0.3 and 0.2 s`.
    pub(crate) name: &'static str,
    /// The latency of each call in the source document, in milliseconds.
    pub(crate) millis: &'static [u64],
    /// By how much the bench is shorter.
    pub(crate) scale: u32,
    /// Whether the calls go over real HTTP on loopback.
    pub(crate) over_http: bool,
}

/// Measures a scenario both ways, in the group `<chapter>/<name>, 1:<scale>`.
pub(crate) fn bench(
    criterion: &mut Criterion,
    chapter: &str,
    scenario: &Scenario,
    sequential: impl AsyncFn(&Upstream, &[&str]) -> Vec<Page>,
    concurrent: impl AsyncFn(&Upstream, &[&str]) -> Vec<Page>,
) {
    let runtime = runtime();
    let names: Vec<String> = (0..scenario.millis.len())
        .map(|index| format!("calls/{index}"))
        .collect();
    let paths: Vec<&str> = names.iter().map(String::as_str).collect();
    let upstream = std::iter::zip(&names, scenario.millis)
        .fold(Upstream::builder(), |builder, (name, &millis)| {
            builder.page(name, Duration::from_millis(millis) / scenario.scale)
        })
        .build();
    let upstream = if scenario.over_http {
        runtime
            .block_on(upstream.over_http())
            .expect("loopback is there")
    } else {
        upstream
    };

    let mut group =
        criterion.benchmark_group(format!("{chapter}/{}, 1:{}", scenario.name, scenario.scale));
    group.bench_function("sequential", |bencher| {
        bencher
            .to_async(&runtime)
            .iter(|| sequential(&upstream, &paths));
    });
    group.bench_function("concurrent", |bencher| {
        bencher
            .to_async(&runtime)
            .iter(|| concurrent(&upstream, &paths));
    });
    group.finish();
}

/// One thread: what is measured is overlapping waits, which need no second one.
fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs nothing but file descriptors")
}
