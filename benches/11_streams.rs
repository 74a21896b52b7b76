//! Chapter 11: pages that are saved while others are loaded, on demand, from a buffer of futures, and from a buffer of
//! tasks; and what a buffer and a set of tasks cost, if no job waits.

use std::{future::ready, pin::pin, process::ExitCode, time::Duration};

use async_workbook::{
    clock::{Clock, timed},
    services::upstream::{Page, Upstream},
};
use futures::{Stream, StreamExt as _, stream};
use real_services::http::OverHttp as _;
use suite::{Suite, runtime};
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

const PAGES: usize = 6;
const LIMIT: usize = 4;
/// Each of the two calls that load a page, and the one that saves it.
const CALL: Duration = Duration::from_millis(50);
const WORKS: usize = 10_000;

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    lagging_reader(suite);
    cost(suite);
}

fn service() -> Upstream {
    let pages = Upstream::builder().page("head", CALL).page("body", CALL);
    pages.page("save", CALL).build()
}

async fn load(upstream: Upstream) -> Page {
    upstream.fetch("head").await;
    upstream.fetch("body").await
}

async fn save_all(upstream: &Upstream, pages: impl Stream<Item = Page>) {
    let mut pages = pin!(pages);
    while let Some(_page) = pages.next().await {
        upstream.fetch("save").await;
    }
}

/// A new load for each page, which has not begun.
fn loads(upstream: &Upstream) -> impl Stream<Item = impl Future<Output = Page> + use<>> + use<> {
    stream::iter(vec![upstream.clone(); PAGES]).map(load)
}

async fn on_demand(upstream: &Upstream) {
    save_all(upstream, loads(upstream).then(|load| load)).await;
}

async fn futures_in_a_buffer(upstream: &Upstream) {
    save_all(upstream, loads(upstream).buffered(LIMIT)).await;
}

async fn tasks_in_a_buffer(upstream: &Upstream) {
    let tasks = loads(upstream).map(|load| AbortOnDropHandle::new(tokio::spawn(load)));
    let pages = tasks.buffered(LIMIT);
    let pages = pages.map(|page| page.expect("a load doesn't panic"));
    save_all(upstream, pages).await;
}

/// What a way takes if only its waits take time: what it takes on the paused clock.
fn ideal(way: impl AsyncFnOnce(&Upstream)) -> Duration {
    let runtime = Clock::Virtual.runtime().expect("there are resources left");
    let ((), took) = runtime.block_on(timed(way(&service())));
    took
}

fn lagging_reader(suite: &mut Suite) {
    let runtime = runtime();
    let upstream = runtime.block_on(service().over_http());
    let upstream = upstream.expect("loopback is there");
    let mut ways = suite.scenario("11_streams", "6 pages of 2 calls, each saved", 1, None);
    ways.way("on demand", Some(ideal(on_demand)), |bencher| {
        bencher.to_async(&runtime).iter(|| on_demand(&upstream));
    });
    let futures = Some(ideal(futures_in_a_buffer));
    ways.way("4 futures in a buffer", futures, |bencher| {
        bencher
            .to_async(&runtime)
            .iter(|| futures_in_a_buffer(&upstream));
    });
    let tasks = Some(ideal(tasks_in_a_buffer));
    ways.way("4 tasks in a buffer", tasks, |bencher| {
        bencher
            .to_async(&runtime)
            .iter(|| tasks_in_a_buffer(&upstream));
    });
}

/// How much each way adds to a job that is ready at once.
fn cost(suite: &mut Suite) {
    let runtime = runtime();
    let mut ways = suite.scenario("11_streams", "10,000 jobs that don't wait", 1, None);
    ways.way("a `JoinSet` of 100", None, |bencher| {
        bencher.to_async(&runtime).iter(|| async {
            let (mut tasks, mut sum) = (JoinSet::new(), 0);
            for work in 0..WORKS {
                if tasks.len() == 100 {
                    sum += joined(&mut tasks).await;
                }
                tasks.spawn(ready(work));
            }
            while !tasks.is_empty() {
                sum += joined(&mut tasks).await;
            }
            sum
        });
    });
    ways.way("`buffered(100)`", None, |bencher| {
        bencher.to_async(&runtime).iter(|| async {
            let works = stream::iter(0..WORKS).map(ready);
            works
                .buffered(100)
                .fold(0, async |sum, work| sum + work)
                .await
        });
    });
}

async fn joined(tasks: &mut JoinSet<usize>) -> usize {
    let ended = tasks.join_next().await;
    ended.expect("one is there").expect("it doesn't panic")
}
