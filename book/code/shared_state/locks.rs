//! Guards that live longer than they look, and waits in a circle.

use std::{sync::Arc, time::Duration};

use async_workbook::verdict::catch_panic_blocking;
use tokio::{
    sync::{Mutex, RwLock, mpsc},
    task::yield_now,
    time::{sleep, timeout},
};

use crate::call::{fetch, ms, timed};

const HOUR: Duration = ms(3_600_000);

// ANCHOR: scrutinee
/// The guard of the condition lives until the end of the body.
async fn held_in_the_body(jobs: &Mutex<mpsc::Receiver<u64>>) {
    while let Some(job) = jobs.lock().await.recv().await {
        fetch("job", job).await;
    }
}

/// The guard of a `let` that isn't kept is dropped at the semicolon.
async fn released_first(jobs: &Mutex<mpsc::Receiver<u64>>) {
    loop {
        let job = jobs.lock().await.recv().await;
        let Some(job) = job else { break };
        fetch("job", job).await;
    }
}
// ANCHOR_END: scrutinee

/// A mailbox with so many jobs of 100 ms in it, that gets no more.
async fn jobs(number: usize) -> Mutex<mpsc::Receiver<u64>> {
    let (sender, receiver) = mpsc::channel(number);
    for _ in 0..number {
        sender.send(100).await.expect("the receiver is there");
    }
    Mutex::new(receiver)
}

#[tokio::test(start_paused = true)]
async fn a_guard_in_the_condition_lives_until_the_body_ends() {
    let shared = jobs(4).await;
    let both = async { tokio::join!(held_in_the_body(&shared), held_in_the_body(&shared)) };
    assert_eq!(timed(both).await.1, ms(400));
    let shared = jobs(4).await;
    let both = async { tokio::join!(released_first(&shared), released_first(&shared)) };
    assert_eq!(timed(both).await.1, ms(200));
}

// ANCHOR: read_twice
async fn total(prices: &RwLock<Vec<u64>>) -> u64 {
    let prices_now = prices.read().await;
    let shipping = shipping(prices).await; // Asks for the same lock again.
    prices_now.iter().sum::<u64>() + shipping
}

async fn shipping(prices: &RwLock<Vec<u64>>) -> u64 {
    fetch("shipping", 100).await;
    prices.read().await.len() as u64
}
// ANCHOR_END: read_twice

#[tokio::test(start_paused = true)]
async fn a_fair_lock_read_twice_hangs_if_a_writer_comes_in_between() {
    let prices = RwLock::new(vec![3, 4]);
    assert_eq!(total(&prices).await, 9, "alone, it works");
    let write = async {
        sleep(ms(50)).await;
        prices.write().await.push(5);
    };
    let both = async { tokio::join!(total(&prices), write) };
    assert!(timeout(HOUR, both).await.is_err());
}

// ANCHOR: futurelock
async fn save(lock: &Mutex<u64>) {
    let mut save = std::pin::pin!(async {
        *lock.lock().await += 1;
    });
    tokio::select! {
        () = &mut save => {}
        () = sleep(ms(100)) => {
            // `save` waits in the lock's queue. It's still there, and nobody polls it.
            let count = lock.lock().await;
            println!("{count} saved so far");
        }
    }
}
// ANCHOR_END: futurelock

#[tokio::test(start_paused = true)]
async fn a_future_in_the_queue_that_nobody_polls_stops_the_lock() {
    let lock = Mutex::new(0);
    let other = async {
        let _guard = lock.lock().await;
        fetch("slow", 200).await;
    };
    let both = async { tokio::join!(other, save(&lock)) };
    assert!(timeout(HOUR, both).await.is_err());
    // Without a wait, nobody is in the queue.
    assert!(timeout(HOUR, save(&lock)).await.is_ok());
}

#[tokio::test]
async fn blocking_lock_panics_on_a_thread_of_the_runtime() {
    let lock = Arc::new(Mutex::new(1));
    let panic = catch_panic_blocking(|| *lock.blocking_lock());
    let message = panic.expect_err("it may not block here");
    assert!(
        message.starts_with("Cannot block the current thread from within a runtime."),
        "{message}"
    );
    let elsewhere = tokio::task::spawn_blocking(move || *lock.blocking_lock());
    assert_eq!(elsewhere.await.expect("it may block there"), 1);
}

#[tokio::test]
async fn a_tokio_mutex_is_fair_and_is_not_poisoned() {
    let lock = Arc::new(Mutex::new(0));
    let panics = Arc::clone(&lock);
    let task = tokio::spawn(async move {
        let _guard = panics.lock().await;
        std::panic::resume_unwind(Box::new("with the lock"));
    });
    assert!(task.await.is_err());
    assert_eq!(
        *lock.lock().await,
        0,
        "the guard was dropped, and nobody is told why"
    );
    let held = lock.lock().await;
    let waits = Arc::clone(&lock);
    let waiting = tokio::spawn(async move { drop(waits.lock().await) });
    yield_now().await;
    drop(held);
    assert!(
        lock.try_lock().is_err(),
        "it belongs to the one who waits, who hasn't run yet"
    );
    waiting.await.expect("it gets the lock");
}
