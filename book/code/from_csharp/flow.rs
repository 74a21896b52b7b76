//! What flows along, or does not: contexts, values, failures.

use std::time::Duration;

use futures::{Stream, StreamExt, stream};
use tokio::{
    runtime::Handle,
    sync::oneshot,
    time::{interval, sleep},
};

use crate::call::{Page, fetch, ms, timed};

// ANCHOR: async_local
tokio::task_local! {
    static REQUEST: u32;
}

async fn handle_request() -> (Option<u32>, Option<u32>, Option<u32>) {
    REQUEST
        .scope(7, async {
            let here = current();
            let spawned = tokio::spawn(async { current() }).await;
            let handed_on = tokio::spawn(REQUEST.scope(7, async { current() })).await;
            (
                here,
                spawned.expect("the task does not panic"),
                handed_on.expect("the task does not panic"),
            )
        })
        .await
}

fn current() -> Option<u32> {
    REQUEST.try_get().ok()
}
// ANCHOR_END: async_local

// ANCHOR: result
async fn blocks_on_a_future() -> Page {
    Handle::current().block_on(fetch("users", 100)) // .Result: panics.
}
// ANCHOR_END: result

// ANCHOR: completion_source
async fn from_a_callback() -> Result<u32, oneshot::error::RecvError> {
    let (completion, completed) = oneshot::channel();
    with_callback(move |value| {
        completion.send(value).ok(); // An `Err` if nobody waits for it any more.
    });
    completed.await // `Err` if the callback was dropped without a call.
}
// ANCHOR_END: completion_source

fn with_callback(callback: impl FnOnce(u32) + Send + 'static) {
    std::thread::spawn(move || callback(42));
}

// ANCHOR: async_enumerable
fn rows(last: u32) -> impl Stream<Item = u32> {
    stream::iter(1..=last).then(async |row| {
        sleep(ms(100)).await;
        row
    })
}

async fn sum_of_rows() -> u32 {
    let mut rows = std::pin::pin!(rows(3));
    let mut sum = 0;
    while let Some(row) = rows.next().await {
        sum += row;
    }
    sum
}
// ANCHOR_END: async_enumerable

// ANCHOR: periodic_timer
async fn two_ticks() {
    let mut timer = interval(Duration::from_secs(1));
    timer.tick().await; // At once.
    timer.tick().await; // After a second.
}
// ANCHOR_END: periodic_timer

#[tokio::test]
async fn a_task_local_does_not_reach_a_spawned_task() {
    assert_eq!(handle_request().await, (Some(7), None, Some(7)));
    assert_eq!(current(), None);
}

#[tokio::test]
async fn block_on_inside_a_task_panics() {
    let panic = tokio::spawn(blocks_on_a_future()).await;
    let panic = panic.expect_err("it panics").into_panic();
    let words = panic.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
    let words = words.expect("a panic has words");
    assert!(
        words.starts_with("Cannot start a runtime from within a runtime"),
        "{words}"
    );
}

#[tokio::test]
async fn a_callback_completes_a_future() {
    assert_eq!(from_a_callback().await, Ok(42));
}

#[tokio::test(start_paused = true)]
async fn rows_come_one_by_one() {
    assert_eq!(timed(sum_of_rows()).await, (6, ms(300)));
}

#[tokio::test(start_paused = true)]
async fn the_first_tick_comes_at_once() {
    assert_eq!(timed(two_ticks()).await, ((), ms(1000)));
}
