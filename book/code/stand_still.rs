//! Futures in `FuturesUnordered` or `buffered` are polled only while the loop asks for the next output.

use std::time::Duration;

use async_workbook::{
    services::upstream::{Page, Upstream},
    timeline::{Recorder, Timeline},
};
use futures::{StreamExt as _, stream::FuturesUnordered};
use tokio::{
    sync::Mutex,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use crate::{call::ms, drawn};

const NAMES: [&str; 2] = ["short", "long"];

/// One call of 0.1 s for the short document, two calls of 0.2 s each for the long one.
async fn load(upstream: &Upstream, name: &str) -> Page {
    if name == "short" {
        return upstream.fetch("short").await;
    }
    upstream.fetch("long, part 1").await;
    upstream.fetch("long, part 2").await
}

/// Takes 1 s.
async fn save(upstream: &Upstream, page: Page) {
    let name = page.path.split(',').next().unwrap_or_default();
    upstream.fetch(&format!("save {name}")).await;
}

// ANCHOR: in_the_body
async fn saved_in_the_body(upstream: &Upstream) {
    let loads = NAMES.iter().map(|name| load(upstream, name));
    let mut pages: FuturesUnordered<_> = loads.collect();
    while let Some(page) = pages.next().await {
        save(upstream, page).await; // Meanwhile, nobody polls what is left in `pages`.
    }
}
// ANCHOR_END: in_the_body

// ANCHOR: in_the_future
async fn saved_in_the_future(upstream: &Upstream) {
    let load_and_save = async |name| save(upstream, load(upstream, name).await).await;
    let mut saves: FuturesUnordered<_> = NAMES.into_iter().map(load_and_save).collect();
    while let Some(()) = saves.next().await {}
}
// ANCHOR_END: in_the_future

async fn loaded_on_tasks(upstream: &Upstream) {
    let mut tasks = JoinSet::new();
    for name in NAMES {
        let upstream = upstream.clone();
        tasks.spawn(async move { load(&upstream, name).await });
    }
    while let Some(page) = tasks.join_next().await {
        save(upstream, page.expect("no call panics")).await;
    }
}

async fn run(way: impl AsyncFnOnce(&Upstream)) -> Timeline {
    let upstream = Upstream::builder()
        .page("short", ms(100))
        .page("long, part 1", ms(200))
        .page("long, part 2", ms(200))
        .page("save short", ms(1000))
        .page("save long", ms(1000))
        .build();
    let recorder = Recorder::new();
    let _attached = recorder.attach();
    let ((), timeline) = recorder.watch(way(&upstream)).await;
    timeline
}

/// When the call of this name began and ended.
fn call(timeline: &Timeline, label: &str) -> (Duration, Duration) {
    let row = timeline.rows.iter().find(|row| row.label == label);
    let row = row.expect("it was made");
    (
        row.started.expect("it was polled"),
        row.ended.expect("it ended"),
    )
}

#[tokio::test(start_paused = true)]
async fn the_other_futures_stand_still_while_the_body_awaits() {
    let in_the_body = run(saved_in_the_body).await;
    assert_eq!(call(&in_the_body, "long, part 1"), (ms(0), ms(1100)));
    assert_eq!(call(&in_the_body, "long, part 2"), (ms(1100), ms(1300)));
    assert_eq!(in_the_body.total, ms(2300));

    let in_the_future = run(saved_in_the_future).await;
    assert_eq!(call(&in_the_future, "long, part 2"), (ms(200), ms(400)));
    assert_eq!(in_the_future.total, ms(1400));
    drawn::keep("stand_still", &[in_the_body, in_the_future]);
}

#[tokio::test(start_paused = true)]
async fn tasks_go_on_while_the_body_awaits() {
    let on_tasks = run(loaded_on_tasks).await;
    assert_eq!(call(&on_tasks, "long, part 2"), (ms(200), ms(400)));
    assert_eq!(on_tasks.total, ms(2100));
}

#[tokio::test(start_paused = true)]
async fn the_buffered_adapters_stand_still_as_well() {
    let second_step_of = async |ordered: bool| {
        let start = Instant::now();
        let steps = futures::stream::iter([100, 200]).map(|latency| async move {
            sleep(ms(latency)).await;
            start.elapsed()
        });
        let mut steps = match ordered {
            true => steps.buffered(2).boxed_local(),
            false => steps.buffer_unordered(2).boxed_local(),
        };
        assert_eq!(steps.next().await, Some(ms(100)));
        sleep(ms(1000)).await;
        steps.next().await
    };
    assert_eq!(second_step_of(true).await, Some(ms(1100)));
    assert_eq!(second_step_of(false).await, Some(ms(1100)));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_in_a_future_that_stands_still_is_late() {
    let start = Instant::now();
    let limited = |latency| timeout(ms(300), sleep(ms(latency)));
    let mut calls: FuturesUnordered<_> = [100, 60_000].into_iter().map(limited).collect();
    assert!(matches!(calls.next().await, Some(Ok(()))));
    sleep(ms(1000)).await;
    assert!(matches!(calls.next().await, Some(Err(_))));
    assert_eq!(start.elapsed(), ms(1100));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_needs_what_a_future_holds_waits_for_ever() {
    let lock = Mutex::new(());
    let holds = async |latency| {
        if latency > 100 {
            let _guard = lock.lock().await;
            sleep(ms(latency)).await;
        } else {
            sleep(ms(latency)).await;
        }
    };
    let mut calls: FuturesUnordered<_> = [100, 200].into_iter().map(holds).collect();
    calls.next().await;
    let waited = timeout(ms(3_600_000), lock.lock()).await;
    assert!(waited.is_err(), "the future that stands still has it");
}
