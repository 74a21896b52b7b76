//! Who cancels, and what a cancelled call can still do.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{error::Elapsed, sleep, timeout};

use crate::call::{ms, timed};

// ANCHOR: drop
struct Lease<'a>(&'a Log);

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        self.0.note("given back"); // Runs however the future ends. It cannot await.
    }
}

async fn work(log: &Log) {
    let _lease = Lease(log);
    sleep(Duration::from_secs(10)).await;
    log.note("done"); // Never comes, if the future is dropped at the line above.
}

async fn give_up(log: &Log) -> Result<(), Elapsed> {
    timeout(Duration::from_secs(1), work(log)).await
}
// ANCHOR_END: drop

// ANCHOR: shield
async fn shielded(log: &'static Log) -> Result<(), Elapsed> {
    let task = tokio::spawn(work(log));
    timeout(Duration::from_secs(1), task)
        .await
        .map(|outcome| outcome.expect("the task does not panic"))
}
// ANCHOR_END: shield

// ANCHOR: abort
async fn cancelled(log: &'static Log) -> bool {
    let task = tokio::spawn(work(log));
    sleep(Duration::from_secs(1)).await;
    task.abort(); // Asks.
    task.await.is_err_and(|error| error.is_cancelled()) // Waits until it is gone.
}
// ANCHOR_END: abort

#[derive(Default)]
struct Log(Mutex<Vec<&'static str>>);

impl Log {
    fn note(&self, line: &'static str) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line);
    }

    fn lines(&self) -> Vec<&'static str> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[tokio::test(start_paused = true)]
async fn a_timeout_drops_the_work_at_its_limit() {
    let log = Log::default();
    let (result, took) = timed(give_up(&log)).await;
    assert!(result.is_err());
    assert_eq!(took, ms(1000), "nothing is waited for after the limit");
    assert_eq!(log.lines(), ["given back"]);
}

#[tokio::test(start_paused = true)]
async fn a_task_goes_on_when_its_handle_is_dropped() {
    static LOG: Log = Log(Mutex::new(Vec::new()));
    assert!(shielded(&LOG).await.is_err());
    assert!(LOG.lines().is_empty());
    sleep(Duration::from_secs(10)).await;
    assert_eq!(LOG.lines(), ["done", "given back"]);
}

#[tokio::test(start_paused = true)]
async fn an_aborted_task_is_dropped_and_says_so() {
    static LOG: Log = Log(Mutex::new(Vec::new()));
    assert!(cancelled(&LOG).await);
    assert_eq!(LOG.lines(), ["given back"]);
}
