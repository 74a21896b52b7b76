//! Chapter 11.

use std::{
    cell::Cell,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use futures::{StreamExt as _, stream};
use tokio::{
    sync::{broadcast, mpsc},
    task::yield_now,
    time::sleep,
};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn who_drives() {
    let fetched = &Cell::new(0);
    let pages = stream::unfold(1, |page| async move {
        fetched.set(fetched.get() + 1);
        sleep(SECOND).await;
        Some((page, page + 1))
    });
    let mut pages = pin!(pages);
    for _ in 0..3 {
        pages.next().await;
    }
    sleep(60 * SECOND).await;
    assert_eq!(fetched.get(), 3);
}

#[tokio::test(start_paused = true)]
async fn buffer_of_handles() {
    // How many works have ended by the time the loop has taken a second for the first result.
    let ended_after_a_second = async |on_tasks: bool| {
        let (ended, running) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let work = |_| {
            let (ended, running) = (Arc::clone(&ended), Arc::clone(&running));
            async move {
                assert!(running.fetch_add(1, SeqCst) < 4);
                sleep(SECOND / 10).await;
                // Not at the same moment as the first.
                let order = ended.fetch_add(1, SeqCst);
                sleep(SECOND / 10 * order as u32).await;
                running.fetch_sub(1, SeqCst);
            }
        };
        let works = stream::iter(0..8).map(work);
        let mut results = match on_tasks {
            true => works
                .map(tokio::spawn)
                .buffer_unordered(4)
                .map(drop)
                .boxed_local(),
            false => works.buffer_unordered(4).boxed_local(),
        };
        results.next().await;
        sleep(SECOND).await;
        4 - running.load(SeqCst)
    };
    assert_eq!(ended_after_a_second(true).await, 4);
    assert_eq!(ended_after_a_second(false).await, 1);
}

#[tokio::test]
async fn slow_client() {
    const MESSAGES: usize = 1000;
    let (sender, mut feed) = broadcast::channel(16);
    let (unbounded, body) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok(message) = feed.recv().await {
            unbounded.send(message).expect("the client is still there");
        }
    });
    let mut read_by_the_body = sender.subscribe();
    for message in 0..MESSAGES {
        sender.send(message).expect("somebody listens");
        yield_now().await;
    }
    assert_eq!(body.len(), MESSAGES);
    let lagged = read_by_the_body.recv().await;
    let missed = MESSAGES as u64 - 16;
    assert_eq!(lagged, Err(broadcast::error::RecvError::Lagged(missed)));
}
