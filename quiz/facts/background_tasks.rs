//! Chapter 07.

use std::time::Duration;

use tokio::{
    task::{JoinHandle, JoinSet, yield_now},
    time::{sleep, timeout},
};

use crate::time;

#[tokio::test]
async fn where_the_panic_goes() {
    let task: JoinHandle<()> = tokio::spawn(async { panic!("as the question has it") });
    let watch = task.abort_handle();
    drop(task);
    while !watch.is_finished() {
        yield_now().await;
    }
    // The program goes on, and so does the runtime.
    assert_eq!(tokio::spawn(async { 7 }).await.ok(), Some(7));
}

#[tokio::test(start_paused = true)]
async fn grace() {
    let shutdown = async |limit: u64| {
        let mut jobs = JoinSet::new();
        for seconds in [1, 4, 60] {
            jobs.spawn(sleep(Duration::from_secs(seconds)));
        }
        let all = async { while jobs.join_next().await.is_some() {} };
        if timeout(Duration::from_secs(limit), all).await.is_err() {
            jobs.shutdown().await;
        }
    };
    assert_eq!(time(shutdown(10)).await, Duration::from_secs(10));
    assert_eq!(time(shutdown(100)).await, Duration::from_secs(60));
}
