//! Tasks: to start, to join, to stop, and to keep off the runtime's threads.

use std::{sync::Arc, thread, time::Duration};

use tokio::{
    sync::{Semaphore, oneshot},
    task::{JoinError, JoinHandle, JoinSet, spawn_blocking, yield_now},
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::call::{Down, Page, fail, fetch, ms, succeed, timed};

// ANCHOR: spawn
async fn as_a_task() -> Result<Page, JoinError> {
    let task: JoinHandle<Page> = tokio::spawn(fetch("users", 500));
    sleep(ms(500)).await; // Something else; the call is under way meanwhile.
    task.await
}
// ANCHOR_END: spawn

// ANCHOR: outcome
async fn outcome(task: JoinHandle<Result<Page, Down>>) -> String {
    match task.await {
        Ok(Ok(page)) => page.to_owned(),
        Ok(Err(error)) => format!("its error: {error}"),
        Err(error) if error.is_panic() => "it panicked".to_owned(),
        Err(_) => "it was aborted".to_owned(),
    }
}
// ANCHOR_END: outcome

// ANCHOR: join_set
async fn a_task_for_each(paths: Vec<&'static str>) -> Vec<Page> {
    let mut tasks = JoinSet::new();
    for path in paths {
        tasks.spawn(fetch(path, 100));
    }
    let mut pages = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok(page) => pages.push(page),       // In the order in which they end.
            Err(error) => eprintln!("{error}"), // A task that panicked ends no other.
        }
    }
    pages
}
// ANCHOR_END: join_set

// ANCHOR: spawn_bounded
async fn at_most(limit: usize, paths: impl Iterator<Item = &'static str>) -> usize {
    let room = Arc::new(Semaphore::new(limit));
    let (mut tasks, mut pages) = (JoinSet::new(), 0);
    for path in paths {
        let permit = Arc::clone(&room)
            .acquire_owned()
            .await
            .expect("nobody closes it");
        tasks.spawn(async move {
            let _permit = permit; // Given back when the task ends.
            fetch(path, 100).await
        });
        while let Some(ended) = tasks.try_join_next() {
            pages += usize::from(ended.is_ok()); // Or the set would keep every outcome.
        }
    }
    while let Some(ended) = tasks.join_next().await {
        pages += usize::from(ended.is_ok());
    }
    pages
}
// ANCHOR_END: spawn_bounded

// ANCHOR: tracker
async fn drain(tasks: TaskTracker, stop: CancellationToken, grace: Duration) -> bool {
    tasks.close(); // Without it, `wait` never ends.
    stop.cancel(); // Tasks that watch the token end their loops.
    timeout(grace, tasks.wait()).await.is_ok()
}
// ANCHOR_END: tracker

// ANCHOR: cancelled
async fn until_cancelled(stop: CancellationToken) -> u32 {
    let mut rounds = 0;
    while let Some(()) = stop.run_until_cancelled(sleep(ms(1000))).await {
        rounds += 1;
    }
    rounds
}
// ANCHOR_END: cancelled

// ANCHOR: spawn_blocking
async fn off_the_loop(number: u32) -> u64 {
    spawn_blocking(move || fib(number))
        .await
        .expect("fib does not panic")
}
// ANCHOR_END: spawn_blocking

// ANCHOR: rayon
async fn on_all_cores(numbers: Vec<u32>) -> u64 {
    use rayon::prelude::*;
    let (sender, receiver) = oneshot::channel();
    rayon::spawn(move || {
        let sum = numbers.into_par_iter().map(fib).sum();
        sender.send(sum).ok(); // An `Err` if nobody waits for it any more.
    });
    receiver.await.expect("fib does not panic")
}
// ANCHOR_END: rayon

// ANCHOR: yield_now
async fn in_steps(bytes: &[u8]) -> u64 {
    let mut sum = 0;
    for chunk in bytes.chunks(4096) {
        sum += chunk.iter().map(|byte| u64::from(*byte)).sum::<u64>();
        yield_now().await;
    }
    sum
}
// ANCHOR_END: yield_now

fn fib(number: u32) -> u64 {
    if number < 2 {
        return u64::from(number);
    }
    fib(number - 1) + fib(number - 2)
}

#[tokio::test(start_paused = true)]
async fn a_task_is_under_way_before_it_is_awaited() {
    let (page, took) = timed(as_a_task()).await;
    assert_eq!((page.expect("it does not panic"), took), ("users", ms(500)));
}

#[tokio::test(start_paused = true)]
async fn a_handle_tells_four_outcomes_apart() {
    assert_eq!(outcome(tokio::spawn(succeed("users", 1))).await, "users");
    let failed = outcome(tokio::spawn(fail("users", 1))).await;
    assert_eq!(failed, "its error: users is down");
    assert_eq!(
        outcome(tokio::spawn(async { panic!("on purpose") })).await,
        "it panicked"
    );
    let task = tokio::spawn(succeed("users", 1));
    task.abort();
    assert_eq!(outcome(task).await, "it was aborted");
}

#[tokio::test(start_paused = true)]
async fn the_tasks_of_a_set_overlap() {
    let (mut pages, took) = timed(a_task_for_each(vec!["a", "b", "c"])).await;
    pages.sort_unstable();
    assert_eq!((pages, took), (vec!["a", "b", "c"], ms(100)));
}

#[tokio::test(start_paused = true)]
async fn tasks_with_a_permit_each_keep_the_limit_and_reach_it() {
    let paths = ["a", "b", "c", "d", "e"].into_iter();
    assert_eq!(timed(at_most(2, paths)).await, (5, ms(300)));
}

#[tokio::test(start_paused = true)]
async fn a_drain_waits_for_its_tasks_but_not_for_ever() {
    let (background, stop) = (TaskTracker::new(), CancellationToken::new());
    background.spawn(fetch("mail", 2000));
    let loop_of_rounds = background.spawn(until_cancelled(stop.clone()));
    sleep(ms(1500)).await;
    assert_eq!(
        timed(drain(background, stop, ms(5000))).await,
        (true, ms(500))
    );
    assert_eq!(loop_of_rounds.await.expect("it does not panic"), 1);

    let slow = TaskTracker::new();
    slow.spawn(fetch("mail", 60_000));
    let drained = timed(drain(slow, CancellationToken::new(), ms(5000))).await;
    assert_eq!(drained, (false, ms(5000)));
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_loop_ends_at_the_instant() {
    let stop = CancellationToken::new();
    let task = tokio::spawn(until_cancelled(stop.clone()));
    sleep(ms(3500)).await;
    stop.cancel();
    let (rounds, took) = timed(task).await;
    assert_eq!((rounds.expect("it does not panic"), took), (3, ms(0)));
}

#[tokio::test]
async fn what_computes_runs_on_another_thread() {
    assert_eq!(off_the_loop(20).await, 6765);
    assert_eq!(on_all_cores(vec![20, 10]).await, 6765 + 55);
    let there = spawn_blocking(|| thread::current().id()).await;
    assert_ne!(there.expect("it does not panic"), thread::current().id());
}

#[tokio::test]
async fn a_sibling_runs_between_the_steps() {
    let mut turns = 0;
    let sibling = async {
        loop {
            turns += 1;
            yield_now().await;
        }
    };
    let bytes = vec![1; 5 * 4096];
    let sum = tokio::select! {
        biased;
        sum = in_steps(&bytes) => sum,
        () = sibling => unreachable!("it never ends"),
    };
    assert_eq!((sum, turns), (5 * 4096, 5));
}
