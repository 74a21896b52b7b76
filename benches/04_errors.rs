//! Chapter 04: `join_all` beside `FuturesUnordered`, over 1,000 calls of which every tenth fails.
//!
//! Where every result is wanted they take the same time, since `join_all` keeps more than 30 futures in a
//! `FuturesUnordered` of its own. Where the first success, or the first error, is enough, `join_all` takes as long as
//! the slowest call all the same.

use std::time::Duration;

use async_workbook::upstream::{Page, Route, Upstream, UpstreamError};
use criterion::Criterion;
use futures::{StreamExt as _, TryStreamExt as _, future::join_all, stream::FuturesUnordered};
use tokio::runtime::Builder;

const CALLS: u64 = 1_000;

pub(crate) fn bench(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs nothing but file descriptors");
    let names: Vec<String> = (0..CALLS).map(|call| format!("calls/{call}")).collect();
    let paths: Vec<&str> = names.iter().map(String::as_str).collect();
    let upstream = service(&names);

    let mut group = criterion.benchmark_group("04_errors/every result of 1,000 calls");
    group.bench_function("join_all", |bencher| {
        let calls = || join_all(paths.iter().map(|path| upstream.get(path)));
        bencher.to_async(&runtime).iter(calls);
    });
    group.bench_function("FuturesUnordered", |bencher| {
        let calls = || unordered(&upstream, &paths).collect::<Vec<_>>();
        bencher.to_async(&runtime).iter(calls);
    });
    group.finish();

    let mut group = criterion.benchmark_group("04_errors/first error of 1,000 calls");
    group.bench_function("join_all", |bencher| {
        let first = || async {
            let results = join_all(paths.iter().map(|path| upstream.get(path))).await;
            results.into_iter().collect::<Result<Vec<_>, _>>()
        };
        bencher.to_async(&runtime).iter(first);
    });
    group.bench_function("FuturesUnordered", |bencher| {
        let first = || unordered(&upstream, &paths).try_collect::<Vec<_>>();
        bencher.to_async(&runtime).iter(first);
    });
    group.finish();
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
