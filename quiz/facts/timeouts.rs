//! Chapter 05.

use std::{cell::Cell, time::Duration};

use tokio::time::{Instant, sleep, timeout};

use crate::time;

struct Drops<'a>(&'a Cell<bool>);

impl Drop for Drops<'_> {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_cancelled() {
    let (dropped, ended) = (Cell::new(false), Cell::new(false));
    let work = async {
        let _drops = Drops(&dropped);
        sleep(Duration::from_secs(2)).await;
        ended.set(true);
    };
    let outcome = timeout(Duration::from_secs(1), work).await;
    assert!(outcome.is_err() && dropped.get());
    sleep(Duration::from_secs(60)).await;
    assert!(!ended.get());
}

#[tokio::test(start_paused = true)]
async fn per_attempt_or_total() {
    let attempts = async {
        for pause in [Some(100), Some(200), None] {
            let attempt = timeout(Duration::from_secs(1), std::future::pending::<()>());
            attempt.await.expect_err("the upstream never answers");
            if let Some(pause) = pause {
                sleep(Duration::from_millis(pause)).await;
            }
        }
    };
    assert_eq!(time(attempts).await, Duration::from_millis(3300));
}

#[tokio::test(start_paused = true)]
async fn fourth_attempt() {
    let start = Instant::now();
    let mut begun = Vec::new();
    let mut pause = Duration::from_millis(100);
    for _ in 0..4 {
        begun.push(start.elapsed().as_millis());
        sleep(pause).await;
        pause *= 2;
    }
    assert_eq!(begun, [0, 100, 300, 700]);
}
