//! Cold futures, and waiting for all or for any.

use futures::{
    StreamExt,
    future::{join_all, try_join_all},
    stream,
};
use tokio::{
    task::JoinHandle,
    time::{error::Elapsed, sleep, timeout},
};

use crate::call::{Down, Page, fail, fetch, ms, succeed, timed};

// ANCHOR: cold
async fn cold() -> (Page, Page) {
    let users = fetch("users", 500); // No call yet: a value that can make one.
    let posts = fetch("posts", 300);
    (users.await, posts.await) // One call, and then the other.
}
// ANCHOR_END: cold

// ANCHOR: hot
async fn hot() -> (Page, Page) {
    let users = tokio::spawn(fetch("users", 500)); // Under way, like a Task of C#.
    let posts = tokio::spawn(fetch("posts", 300));
    (
        users.await.expect("the task does not panic"),
        posts.await.expect("the task does not panic"),
    )
}
// ANCHOR_END: hot

// ANCHOR: joined
async fn joined() -> (Page, Page) {
    tokio::join!(fetch("users", 500), fetch("posts", 300))
}
// ANCHOR_END: joined

// ANCHOR: when_all
async fn all_then_the_first_error() -> Result<Vec<Page>, Down> {
    let calls = [call("users", 300), call("down", 100)];
    let results = join_all(calls).await; // Waits for all.
    results.into_iter().collect() // The first error in their order, or every page.
}

async fn all_or_the_first_error() -> Result<Vec<Page>, Down> {
    let calls = [call("users", 300), call("down", 100)];
    try_join_all(calls).await // Drops the others at the error.
}
// ANCHOR_END: when_all

async fn call(path: &'static str, latency: u64) -> Result<Page, Down> {
    if path == "down" {
        fail(path, latency).await
    } else {
        succeed(path, latency).await
    }
}

// ANCHOR: when_any
async fn any() -> Page {
    tokio::select! {
        page = fetch("mirror/1", 300) => page,
        page = fetch("mirror/2", 200) => page,
    } // The other call is dropped here.
}
// ANCHOR_END: when_any

// ANCHOR: wait_async
async fn call_given_up() -> Result<Page, Elapsed> {
    timeout(ms(100), fetch("users", 500)).await // Drops the call: it ends here.
}

async fn wait_given_up(task: &mut JoinHandle<Page>) -> Option<Page> {
    let waited = timeout(ms(100), task).await; // Drops the borrow: the task goes on.
    waited.ok().and_then(Result::ok)
}
// ANCHOR_END: wait_async

// ANCHOR: for_each
async fn for_each(paths: &[&'static str], limit: usize) {
    stream::iter(paths)
        .for_each_concurrent(limit, async |path| {
            fetch(path, 100).await;
        })
        .await;
}
// ANCHOR_END: for_each

#[tokio::test(start_paused = true)]
async fn two_futures_awaited_in_turn_take_the_sum_and_two_tasks_do_not() {
    assert_eq!(timed(cold()).await, (("users", "posts"), ms(800)));
    assert_eq!(timed(hot()).await, (("users", "posts"), ms(500)));
    assert_eq!(timed(joined()).await, (("users", "posts"), ms(500)));
}

#[tokio::test(start_paused = true)]
async fn join_all_waits_for_all_and_try_join_all_for_the_first_error() {
    let error = Err(Down("down"));
    assert_eq!(timed(all_then_the_first_error()).await, (error, ms(300)));
    let error = Err(Down("down"));
    assert_eq!(timed(all_or_the_first_error()).await, (error, ms(100)));
}

#[tokio::test(start_paused = true)]
async fn select_ends_with_the_first() {
    assert_eq!(timed(any()).await, ("mirror/2", ms(200)));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_drops_what_it_owns() {
    assert!(call_given_up().await.is_err());
    let mut task = tokio::spawn(fetch("users", 500));
    assert_eq!(timed(wait_given_up(&mut task)).await, (None, ms(100)));
    let (page, took) = timed(task).await;
    assert_eq!((page.expect("it does not panic"), took), ("users", ms(400)));
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_four_takes_ten_calls_in_three_rounds() {
    assert_eq!(timed(for_each(&["a"; 10], 4)).await, ((), ms(300)));
}

#[tokio::test(start_paused = true)]
async fn a_future_may_wait_for_its_first_poll_as_long_as_it_likes() {
    let call = fetch("users", 500);
    sleep(ms(5000)).await;
    assert_eq!(timed(call).await, ("users", ms(500)));
}
