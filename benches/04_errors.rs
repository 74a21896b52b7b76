//! Chapter 04: `join_all` beside `FuturesUnordered`, over 1,000 calls of which every tenth fails.
//!
//! Where every result is wanted they take the same time, since `join_all` keeps more than 30 futures in a
//! `FuturesOrdered`, which polls as a `FuturesUnordered` does. Where the first error is enough, `join_all` takes as
//! long as the slowest call all the same.

use std::{process::ExitCode, time::Duration};

use async_workbook::services::upstream::{Page, Route, Upstream, UpstreamError};
use futures::{StreamExt as _, TryStreamExt as _, future::join_all, stream::FuturesUnordered};
use suite::{Suite, runtime};

const CALLS: u32 = 1_000;
/// By how much the bench is shorter than latencies from 100 ms to 1 s.
const SCALE: u32 = 4;
/// By how much the latencies differ: the calls take one to ten of it.
const STEP: Duration = Duration::from_millis(100 / SCALE as u64);

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    let runtime = runtime();
    let names: Vec<String> = (0..CALLS).map(|call| format!("calls/{call}")).collect();
    let paths: Vec<&str> = names.iter().map(String::as_str).collect();
    let upstream = service(&names);
    let slowest = Some(10 * STEP);
    let first_error = Some(2 * STEP);

    suite
        .scenario("04_errors", "every result of 1,000 calls", SCALE, None)
        .way("join_all", slowest, |bencher| {
            let calls = || join_all(paths.iter().map(|path| upstream.get(path)));
            bencher.to_async(&runtime).iter(calls);
        })
        .way("FuturesUnordered", slowest, |bencher| {
            let calls = || unordered(&upstream, &paths).collect::<Vec<_>>();
            bencher.to_async(&runtime).iter(calls);
        });
    suite
        .scenario("04_errors", "first error of 1,000 calls", SCALE, None)
        .way("join_all", slowest, |bencher| {
            let first = || async {
                let results = join_all(paths.iter().map(|path| upstream.get(path))).await;
                results.into_iter().collect::<Result<Vec<_>, _>>()
            };
            bencher.to_async(&runtime).iter(first);
        })
        .way("FuturesUnordered", first_error, |bencher| {
            let first = || unordered(&upstream, &paths).try_collect::<Vec<_>>();
            bencher.to_async(&runtime).iter(first);
        });
}

fn unordered(
    upstream: &Upstream,
    paths: &[&str],
) -> FuturesUnordered<impl Future<Output = Result<Page, UpstreamError>>> {
    paths.iter().map(|path| upstream.get(path)).collect()
}

/// A tenth of the calls takes one step, a tenth two, and so on. Those of two steps fail.
fn service(names: &[String]) -> Upstream {
    std::iter::zip(names, 0..)
        .fold(Upstream::builder(), |builder, (name, call)| {
            let steps = 1 + call % 10;
            let route = Route::new(name).latency(steps * STEP);
            builder.route(if steps == 2 { route.fails(503) } else { route })
        })
        .build()
}
