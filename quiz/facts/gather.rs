//! Chapter 03.

use std::{
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    time::Duration,
};

use futures::future::join_all;
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep},
};

use crate::time;

async fn wait(seconds: f64) {
    sleep(Duration::from_secs_f64(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn sum_or_max() {
    let together = time(join_all([1.0, 2.0, 3.0].map(wait))).await;
    assert_eq!(together, Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn longest_chain() {
    let chain = async {
        let (user, orders, stats) = (wait, wait, wait);
        tokio::join!(
            async {
                user(0.5).await;
                orders(0.3).await;
            },
            stats(0.6)
        )
    };
    assert_eq!(time(chain).await, Duration::from_millis(800));
    let three = async { tokio::join!(wait(0.5), wait(0.3), wait(0.6)) };
    assert_eq!(time(three).await, Duration::from_millis(600));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn threads_of_join() {
    static NOW: AtomicUsize = AtomicUsize::new(0);
    static MOST: AtomicUsize = AtomicUsize::new(0);
    let compute = async || {
        MOST.fetch_max(NOW.fetch_add(1, SeqCst) + 1, SeqCst);
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(5) {}
        NOW.fetch_sub(1, SeqCst);
    };
    tokio::join!(compute(), compute(), compute(), compute());
    assert_eq!(MOST.load(SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn ten_at_a_time() {
    let service = Semaphore::new(10);
    let call = async || {
        let _place = service.acquire().await.expect("nobody closes it");
        wait(0.1).await;
    };
    let fifty = time(join_all((0..50).map(|_| call()))).await;
    assert_eq!(fifty, Duration::from_millis(500));
}
