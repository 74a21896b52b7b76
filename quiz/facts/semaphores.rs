//! Chapter 06.

use std::{
    cell::Cell,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use futures::future::join_all;
use tokio::{
    runtime::Handle,
    sync::{Semaphore, mpsc},
    task::{JoinSet, yield_now},
    time::{Instant, sleep, timeout},
};

const LATENCY: Duration = Duration::from_millis(100);

#[tokio::test(start_paused = true)]
async fn idle_futures() {
    let (semaphore, made) = (Semaphore::new(10), &Cell::new(0));
    let all = async {
        let mut calls = Vec::new();
        for _ in 0..100 {
            let permit = semaphore.acquire().await.expect("nobody closes it");
            calls.push(async move {
                let _permit = permit;
                made.set(made.get() + 1);
            });
        }
        join_all(calls).await;
    };
    let ended = timeout(Duration::from_secs(3600), all).await;
    assert!(ended.is_err());
    assert_eq!(made.get(), 0);
}

#[tokio::test(start_paused = true)]
async fn where_the_permit_is_taken() {
    const ROWS: usize = 1000;
    let semaphore = Arc::new(Semaphore::new(10));
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut tasks = JoinSet::new();
    for _ in 0..ROWS {
        let (semaphore, now, most) = (semaphore.clone(), now.clone(), most.clone());
        tasks.spawn(async move {
            let _permit = semaphore.acquire().await.expect("nobody closes it");
            most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
            sleep(LATENCY).await;
            now.fetch_sub(1, SeqCst);
        });
    }
    yield_now().await;
    assert_eq!(Handle::current().metrics().num_alive_tasks(), ROWS);
    tasks.join_all().await;
    assert_eq!(most.load(SeqCst), 10);
}

#[tokio::test(start_paused = true)]
async fn memory() {
    let (sender, mut jobs) = mpsc::channel(100);
    let (unbounded, more) = mpsc::unbounded_channel();
    let producer = tokio::spawn(async move {
        for job in 0..1000_u32 {
            unbounded.send(job).expect("it is received later");
        }
        let start = Instant::now();
        for job in 0..1000 {
            sender.send(job).await.expect("the workers go on");
        }
        start.elapsed()
    });
    let mut longest = 0;
    // Ten workers at a time.
    while !jobs.is_closed() || !jobs.is_empty() {
        longest = longest.max(jobs.len());
        jobs.recv_many(&mut Vec::<u32>::new(), 10).await;
        sleep(LATENCY).await;
    }
    assert_eq!(longest, 100);
    let slowed = producer.await.expect("it doesn't panic");
    assert!(
        slowed > 80 * LATENCY,
        "at the pace of the workers: {slowed:?}"
    );
    assert_eq!(more.len(), 1000, "all at once");
}

#[tokio::test(start_paused = true)]
async fn more_than_it_can_serve() {
    let permits = Arc::new(Semaphore::new(10));
    let mut requests = JoinSet::new();
    // 120 a second, for a minute.
    for tenth in 0..600 {
        for _ in 0..12 {
            let permits = Arc::clone(&permits);
            requests.spawn(async move {
                let start = Instant::now();
                let _permit = permits.acquire().await.expect("nobody closes it");
                sleep(LATENCY).await;
                (tenth / 10, start.elapsed())
            });
        }
        sleep(LATENCY).await;
    }
    let mut seconds = [Duration::ZERO; 60];
    let mut longest = Duration::ZERO;
    for (second, took) in requests.join_all().await {
        seconds[second] += took;
        longest = longest.max(took);
    }
    assert!(seconds.is_sorted_by(|one, next| one < next), "{seconds:?}");
    assert_eq!(longest.as_secs(), 12, "1,200 requests were before the last");
}
