//! Waiting for one thing, for several, and not for ever.

use std::{num::NonZeroUsize, time::Duration};

use futures::{
    Stream, StreamExt,
    future::{join_all, select_ok, try_join_all},
    stream,
};
use tokio::{
    io,
    runtime::Runtime,
    time::{MissedTickBehavior, error::Elapsed, interval, sleep, timeout},
};

use crate::call::{Down, Page, fail, fetch, ms, succeed, timed};

// ANCHOR: block_on
fn from_plain_code() -> io::Result<Page> {
    let runtime = Runtime::new()?;
    Ok(runtime.block_on(fetch("users", 0)))
}
// ANCHOR_END: block_on

// ANCHOR: join
async fn two_calls() -> (Page, Page) {
    tokio::join!(fetch("users", 500), fetch("posts", 300))
}
// ANCHOR_END: join

// ANCHOR: join_all
async fn any_number(paths: &[&'static str]) -> Vec<Page> {
    join_all(paths.iter().map(|path| fetch(path, 100))).await
}
// ANCHOR_END: join_all

// ANCHOR: try_join
async fn both_or_the_first_error() -> Result<(Page, Page), Down> {
    tokio::try_join!(succeed("users", 500), fail("posts", 100))
}
// ANCHOR_END: try_join

// ANCHOR: try_join_all
async fn all_or_the_first_error(paths: &[&'static str]) -> Result<Vec<Page>, Down> {
    try_join_all(paths.iter().map(|path| succeed(path, 100))).await
}
// ANCHOR_END: try_join_all

// ANCHOR: select_ok
async fn first_success() -> Result<Page, Down> {
    let mirrors = [
        Box::pin(fail("mirror/1", 100)),
        Box::pin(fail("mirror/2", 200)),
    ];
    let (page, _others) = select_ok(mirrors).await?;
    Ok(page)
}
// ANCHOR_END: select_ok

// ANCHOR: select
async fn whichever_comes_first() -> Page {
    tokio::select! {
        page = fetch("mirror/1", 300) => page,
        page = fetch("mirror/2", 200) => page,
    }
}
// ANCHOR_END: select

// ANCHOR: buffered
async fn at_most(limit: NonZeroUsize, paths: &[&'static str]) -> Vec<Page> {
    stream::iter(paths)
        .map(|path| fetch(path, 100))
        .buffered(limit.get())
        .collect()
        .await
}
// ANCHOR_END: buffered

// ANCHOR: timeout
async fn within(limit: Duration) -> Result<Page, Elapsed> {
    timeout(limit, fetch("users", 800)).await
}
// ANCHOR_END: timeout

// ANCHOR: retry
async fn retried(mut wait: Duration, total: Duration) -> Result<Page, Elapsed> {
    timeout(total, async {
        loop {
            match timeout(ms(200), fail("users", 100)).await {
                Ok(Ok(page)) => return page,
                Ok(Err(Down(_))) | Err(Elapsed { .. }) => sleep(wait).await,
            }
            wait = wait.saturating_mul(2);
        }
    })
    .await
}
// ANCHOR_END: retry

// ANCHOR: interval
async fn ticks(mut job: impl AsyncFnMut(), number: usize) {
    let mut interval = interval(Duration::from_secs(1));
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for _ in 0..number {
        interval.tick().await;
        job().await;
    }
}
// ANCHOR_END: interval

// ANCHOR: stream
fn pages(last: u32) -> impl Stream<Item = u32> {
    stream::unfold(1, move |number| async move {
        if number > last {
            return None;
        }
        sleep(ms(100)).await;
        Some((number, number + 1))
    })
}
// ANCHOR_END: stream

#[test]
fn plain_code_waits_in_block_on() {
    assert_eq!(from_plain_code().expect("the runtime starts"), "users");
}

#[tokio::test(start_paused = true)]
async fn joined_calls_take_as_long_as_the_slowest() {
    assert_eq!(timed(two_calls()).await, (("users", "posts"), ms(500)));
    assert_eq!(
        timed(any_number(&["a", "b", "c"])).await,
        (vec!["a", "b", "c"], ms(100))
    );
}

#[tokio::test(start_paused = true)]
async fn the_first_error_ends_the_wait() {
    assert_eq!(
        timed(both_or_the_first_error()).await,
        (Err(Down("posts")), ms(100))
    );
    assert_eq!(
        all_or_the_first_error(&["a", "b"]).await,
        Ok(vec!["a", "b"])
    );
}

#[tokio::test(start_paused = true)]
async fn select_ok_gives_the_last_error_when_all_fail() {
    assert_eq!(
        timed(first_success()).await,
        (Err(Down("mirror/2")), ms(200))
    );
}

#[tokio::test(start_paused = true)]
async fn select_takes_what_comes_first() {
    assert_eq!(timed(whichever_comes_first()).await, ("mirror/2", ms(200)));
}

#[tokio::test(start_paused = true)]
async fn calls_under_a_limit_take_turns_and_keep_their_order() {
    let two = NonZeroUsize::new(2).expect("two is not zero");
    let paths = ["a", "b", "c", "d", "e"];
    assert_eq!(timed(at_most(two, &paths)).await, (paths.to_vec(), ms(300)));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_ends_at_its_limit() {
    let (page, took) = timed(within(ms(300))).await;
    assert!(page.is_err());
    assert_eq!(took, ms(300));
    assert_eq!(within(ms(1000)).await, Ok("users"));
}

#[tokio::test(start_paused = true)]
async fn the_total_ends_the_attempts_and_the_waits_between_them() {
    let (page, took) = timed(retried(ms(100), ms(1000))).await;
    assert!(page.is_err());
    assert_eq!(took, ms(1000));
}

#[tokio::test(start_paused = true)]
async fn the_first_tick_comes_at_once() {
    let mut done = 0;
    let ((), took) = timed(ticks(async || done += 1, 3)).await;
    assert_eq!((done, took), (3, ms(2000)));
}

#[tokio::test(start_paused = true)]
async fn a_stream_fetches_what_it_is_asked_for() {
    let (two, took) = timed(pages(3).take(2).collect::<Vec<u32>>()).await;
    assert_eq!(
        (two, took),
        (vec![1, 2], ms(200)),
        "the third page was never asked for"
    );
    assert_eq!(pages(3).collect::<Vec<u32>>().await, [1, 2, 3]);
}
