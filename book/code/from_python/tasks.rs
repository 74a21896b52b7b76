//! Coroutine, future and task; gathering; errors; who owns what.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures::future::{join_all, try_join_all};
use tokio::{
    sync::mpsc,
    task::{JoinSet, spawn_blocking},
    time::sleep,
};

use crate::call::{Down, Page, fail, fetch, ms, succeed, timed};

// ANCHOR: made
async fn made_now_awaited_later() -> (Page, Page) {
    let future = fetch("users", 500); // Nothing of it runs.
    let task = tokio::spawn(fetch("posts", 500)); // The runtime runs it.
    sleep(ms(500)).await;
    let posts = task.await.expect("the task does not panic"); // Its answer is there.
    (future.await, posts) // The other call takes its 500 ms from here.
}
// ANCHOR_END: made

// ANCHOR: gather
async fn gathered() -> (Page, Page) {
    tokio::join!(fetch("users", 500), fetch("posts", 300))
}

async fn gathered_many(paths: &[&'static str]) -> Vec<Page> {
    join_all(paths.iter().map(|path| fetch(path, 100))).await
}
// ANCHOR_END: gather

// ANCHOR: failing
async fn all_or_error(saved: &AtomicUsize) -> Result<((), Page), Down> {
    tokio::try_join!(save(saved), fail("posts", 100))
}

async fn every_result(saved: &AtomicUsize) -> (Result<(), Down>, Result<Page, Down>) {
    tokio::join!(save(saved), fail("posts", 100))
}

async fn save(saved: &AtomicUsize) -> Result<(), Down> {
    sleep(ms(300)).await;
    saved.fetch_add(1, Ordering::Relaxed);
    Ok(())
}
// ANCHOR_END: failing

// ANCHOR: group
async fn in_a_group(saved: Arc<AtomicUsize>) -> Result<(), Down> {
    let mut group = JoinSet::new();
    group.spawn(async move { save(&saved).await });
    group.spawn(async { fail("posts", 100).await.map(drop) });
    while let Some(outcome) = group.join_next().await {
        // Returns at an error: the set is dropped, and aborts the rest.
        outcome.expect("the tasks do not panic")?;
    }
    Ok(())
}
// ANCHOR_END: group

// ANCHOR: errors
async fn greeting(users: &HashMap<u64, String>, id: u64) -> Result<String, Down> {
    let name = users.get(&id).ok_or(Down("users"))?;
    let title = succeed("Dr", 100).await?;
    Ok(format!("Hello {title} {name}"))
}
// ANCHOR_END: errors

// ANCHOR: borrows
async fn in_one_task(prefix: &str, paths: &[&'static str]) -> Vec<String> {
    let calls = paths
        .iter()
        .map(async |path| format!("{prefix}{}", fetch(path, 100).await));
    join_all(calls).await // Borrows, since it ends before what it borrows does.
}

async fn in_tasks(prefix: Arc<str>, paths: Vec<&'static str>) -> Vec<String> {
    let tasks = paths.into_iter().map(|path| {
        let prefix = Arc::clone(&prefix); // Each task owns its share.
        tokio::spawn(async move { format!("{prefix}{}", fetch(path, 100).await) })
    });
    try_join_all(tasks).await.expect("the tasks do not panic")
}
// ANCHOR_END: borrows

// ANCHOR: to_thread
async fn beside_the_loop(number: u32) -> u64 {
    spawn_blocking(move || fib(number))
        .await
        .expect("fib does not panic")
}

fn fib(number: u32) -> u64 {
    if number < 2 {
        u64::from(number)
    } else {
        fib(number - 1) + fib(number - 2)
    }
}
// ANCHOR_END: to_thread

// ANCHOR: queue
async fn through_a_queue(jobs: u32) -> u32 {
    let (sender, mut receiver) = mpsc::channel(2);
    let producer = async move {
        for job in 1..=jobs {
            // Waits while two are queued.
            sender.send(job).await.expect("the consumer is there");
        }
    }; // The sender ends here, and with it the queue.
    let consumer = async {
        let mut sum = 0;
        while let Some(job) = receiver.recv().await {
            sum += job;
        }
        sum
    };
    let ((), sum) = tokio::join!(producer, consumer);
    sum
}
// ANCHOR_END: queue

// ANCHOR: test
#[tokio::test(start_paused = true)]
async fn gathered_calls_take_as_long_as_the_slowest() {
    let (pages, took) = timed(gathered()).await;
    assert_eq!((pages, took), (("users", "posts"), ms(500)));
}
// ANCHOR_END: test

#[tokio::test(start_paused = true)]
async fn a_future_begins_when_it_is_awaited_and_a_task_before() {
    // Had the task not run meanwhile, it would be 1.5 s; had the future, 0.5 s.
    assert_eq!(
        timed(made_now_awaited_later()).await,
        (("users", "posts"), ms(1000))
    );
}

#[tokio::test(start_paused = true)]
async fn many_are_gathered_in_the_order_of_the_paths() {
    assert_eq!(
        timed(gathered_many(&["a", "b"])).await,
        (vec!["a", "b"], ms(100))
    );
}

#[tokio::test(start_paused = true)]
async fn try_join_drops_the_siblings_and_join_does_not() {
    let saved = AtomicUsize::new(0);
    let (result, took) = timed(all_or_error(&saved)).await;
    assert_eq!((result, took), (Err(Down("posts")), ms(100)));
    sleep(ms(1000)).await;
    assert_eq!(saved.load(Ordering::Relaxed), 0);

    let (results, took) = timed(every_result(&saved)).await;
    assert_eq!((results, took), ((Ok(()), Err(Down("posts"))), ms(300)));
    assert_eq!(saved.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_join_set_that_is_dropped_aborts_its_tasks() {
    let saved = Arc::new(AtomicUsize::new(0));
    let (result, took) = timed(in_a_group(Arc::clone(&saved))).await;
    assert_eq!((result, took), (Err(Down("posts")), ms(100)));
    sleep(ms(1000)).await;
    assert_eq!(saved.load(Ordering::Relaxed), 0);
}

#[tokio::test(start_paused = true)]
async fn tasks_in_try_join_all_run_on_as_those_of_gather_do() {
    let saved = Arc::new(AtomicUsize::new(0));
    let tasks = [
        tokio::spawn({
            let saved = Arc::clone(&saved);
            async move { save(&saved).await }
        }),
        tokio::spawn(async { panic!("on purpose") }),
    ];
    assert!(try_join_all(tasks).await.is_err());
    assert_eq!(saved.load(Ordering::Relaxed), 0);
    sleep(ms(1000)).await;
    assert_eq!(saved.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_question_mark_returns_the_error() {
    let users = HashMap::from([(1, "Ada".to_owned())]);
    assert_eq!(greeting(&users, 1).await.as_deref(), Ok("Hello Dr Ada"));
    assert_eq!(greeting(&users, 2).await, Err(Down("users")));
}

#[tokio::test(start_paused = true)]
async fn futures_may_borrow_and_tasks_own() {
    let one = timed(in_one_task("/", &["a", "b"])).await;
    let many = timed(in_tasks("/".into(), vec!["a", "b"])).await;
    assert_eq!(one, (vec!["/a".to_owned(), "/b".to_owned()], ms(100)));
    assert_eq!(one, many);
}

#[tokio::test]
async fn a_blocking_job_has_a_thread_of_its_own() {
    assert_eq!(beside_the_loop(20).await, 6765);
    let there = spawn_blocking(|| std::thread::current().id()).await;
    assert_ne!(
        there.expect("it does not panic"),
        std::thread::current().id()
    );
}

#[tokio::test]
async fn a_queue_ends_with_its_last_sender() {
    assert_eq!(through_a_queue(4).await, 10);
}
