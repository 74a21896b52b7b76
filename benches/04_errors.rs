//! Chapter 04: `join_all` beside `FuturesUnordered`, over 1,000 calls of which every tenth fails.
//!
//! Where every result is wanted they take the same time, since `join_all` keeps more than 30 futures in a
//! `FuturesUnordered` of its own. Where the first success, or the first error, is enough, `join_all` takes as long as
//! the slowest call all the same.

use std::time::Duration;

use async_workbook::upstream::{Page, Route, Upstream, UpstreamError};
use futures::{StreamExt as _, TryStreamExt as _, future::join_all, stream::FuturesUnordered};

use crate::suite::{Suite, runtime};

const CALLS: u64 = 1_000;

pub(crate) fn bench(suite: &mut Suite) {
    let runtime = runtime();
    let names: Vec<String> = (0..CALLS).map(|call| format!("calls/{call}")).collect();
    let paths: Vec<&str> = names.iter().map(String::as_str).collect();
    let upstream = service(&names);
    let slowest = Some(Duration::from_millis(100));
    let first_error = Some(Duration::from_millis(20));

    suite
        .scenario("04_errors", "every result of 1,000 calls", 10, None)
        .way("join_all", slowest, |bencher| {
            let calls = || join_all(paths.iter().map(|path| upstream.get(path)));
            bencher.to_async(&runtime).iter(calls);
        })
        .way("FuturesUnordered", slowest, |bencher| {
            let calls = || unordered(&upstream, &paths).collect::<Vec<_>>();
            bencher.to_async(&runtime).iter(calls);
        });
    suite
        .scenario("04_errors", "first error of 1,000 calls", 10, None)
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

/// Latencies from 10 to 100 ms, a tenth of 100 ms to 1 s. The calls of 20 ms fail.
fn service(names: &[String]) -> Upstream {
    std::iter::zip(names, 0..)
        .fold(Upstream::builder(), |builder, (name, call)| {
            let tens = 1 + call % 10;
            let route = Route::new(name).latency(Duration::from_millis(10 * tens));
            builder.route(if tens == 2 { route.fails(503) } else { route })
        })
        .build()
}
