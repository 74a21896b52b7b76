//! Values that several tasks use: locks, channels, and a value that is made once.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{
    OnceCell, Semaphore,
    broadcast::{self, error::RecvError},
    mpsc, oneshot, watch,
};

use crate::call::{Page, fetch, ms, timed};

// ANCHOR: mutex
#[derive(Clone, Default)]
struct Hits(Arc<Mutex<u64>>);

impl Hits {
    fn bump(&self) -> u64 {
        let mut hits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *hits += 1;
        *hits
    } // The guard ends here: there is no `.await` while it lives.
}
// ANCHOR_END: mutex

// ANCHOR: async_mutex
async fn one_after_the_other(connection: &tokio::sync::Mutex<Vec<Page>>) {
    let mut connection = connection.lock().await;
    // Others wait for the lock meanwhile; their threads do not.
    let page = fetch("users", 100).await;
    connection.push(page);
}
// ANCHOR_END: async_mutex

// ANCHOR: semaphore
#[derive(Clone)]
struct Limited {
    permits: Arc<Semaphore>, // One for all clones.
}

impl Limited {
    async fn get(&self, path: &'static str) -> Page {
        let _permit = self.permits.acquire().await.expect("nobody closes it");
        fetch(path, 100).await
    }
}
// ANCHOR_END: semaphore

// ANCHOR: once_cell
#[derive(Default)]
struct Config(OnceCell<Page>);

impl Config {
    async fn get(&self) -> Page {
        self.0.get_or_init(|| fetch("config", 100)).await
    }
}
// ANCHOR_END: once_cell

// ANCHOR: mpsc
async fn worker(mut jobs: mpsc::Receiver<u32>) -> u32 {
    let mut sum = 0;
    while let Some(job) = jobs.recv().await {
        sum += job;
    }
    sum // The last sender is gone, and the queue is empty.
}
// ANCHOR_END: mpsc

// ANCHOR: oneshot
async fn answered_elsewhere() -> Option<u32> {
    let (sender, receiver) = oneshot::channel();
    tokio::spawn(async move { sender.send(42) });
    receiver.await.ok() // `Err` if the sender was dropped.
}
// ANCHOR_END: oneshot

// ANCHOR: watch
async fn until_ready(mut state: watch::Receiver<bool>) -> bool {
    state.wait_for(|ready| *ready).await.is_ok() // `Err` if the sender was dropped.
}
// ANCHOR_END: watch

// ANCHOR: broadcast
async fn next_news(news: &mut broadcast::Receiver<u32>) -> Option<u32> {
    loop {
        match news.recv().await {
            Ok(item) => return Some(item),
            Err(RecvError::Lagged(_missed)) => {} // Slow, and still subscribed.
            Err(RecvError::Closed) => return None,
        }
    }
}
// ANCHOR_END: broadcast

#[tokio::test]
async fn clones_share_one_counter() {
    let hits = Hits::default();
    let tasks = (0..10).map(|_| {
        tokio::spawn({
            let hits = hits.clone();
            async move { hits.bump() }
        })
    });
    futures::future::join_all(tasks).await;
    assert_eq!(hits.bump(), 11);
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_is_held_across_a_call_makes_the_callers_queue() {
    let connection = tokio::sync::Mutex::default();
    let both = async {
        tokio::join!(
            one_after_the_other(&connection),
            one_after_the_other(&connection)
        )
    };
    assert_eq!(timed(both).await, (((), ()), ms(200)));
    assert_eq!(connection.into_inner(), ["users", "users"]);
}

#[tokio::test(start_paused = true)]
async fn a_shared_semaphore_limits_all_who_share_it() {
    let limited = Limited {
        permits: Arc::new(Semaphore::new(2)),
    };
    let other = limited.clone();
    let calls = async {
        tokio::join!(
            limited.get("a"),
            limited.get("b"),
            other.get("c"),
            other.get("d")
        )
    };
    assert_eq!(timed(calls).await, (("a", "b", "c", "d"), ms(200)));
}

#[tokio::test(start_paused = true)]
async fn a_value_that_two_ask_for_is_fetched_once() {
    let config = Config::default();
    let both = async { tokio::join!(config.get(), config.get()) };
    assert_eq!(timed(both).await, (("config", "config"), ms(100)));
    assert_eq!(timed(config.get()).await, ("config", ms(0)));
}

#[tokio::test]
async fn a_worker_ends_with_the_last_sender() {
    let (sender, receiver) = mpsc::channel(2);
    let worker = tokio::spawn(worker(receiver));
    for job in [1, 2, 3] {
        sender.send(job).await.expect("the worker is there"); // Waits while the queue is full.
    }
    drop(sender);
    assert_eq!(worker.await.expect("it does not panic"), 6);
}

#[tokio::test]
async fn a_value_comes_once_or_its_sender_is_gone() {
    assert_eq!(answered_elsewhere().await, Some(42));
    let (sender, receiver) = oneshot::channel::<u32>();
    drop(sender);
    assert!(receiver.await.is_err());
}

#[tokio::test]
async fn whoever_watches_sees_the_last_value() {
    let (sender, receiver) = watch::channel(false);
    let waiting = tokio::spawn(until_ready(receiver));
    sender.send_replace(true);
    assert!(waiting.await.expect("it does not panic"));
}

#[tokio::test]
async fn a_slow_subscriber_misses_news_and_goes_on() {
    let (sender, mut receiver) = broadcast::channel(2);
    for item in 1..=5 {
        sender.send(item).expect("there is a subscriber");
    }
    assert_eq!(next_news(&mut receiver).await, Some(4));
    drop(sender);
    assert_eq!(next_news(&mut receiver).await, Some(5));
    assert_eq!(next_news(&mut receiver).await, None);
}
