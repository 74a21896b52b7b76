//! What is left in memory of jobs that have ended.

use std::{
    future,
    panic::resume_unwind,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use async_workbook::{
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine},
};
use tokio::{task::yield_now, time::timeout};

use crate::{Answer, hang::HANGS, jobs::Jobs, scenario::limit_of};

/// More than anyone keeps on purpose, to let it go in one go.
const JOBS: usize = 4000;

/// A task that has ended keeps the job's outcome for whoever has its handle. The outcome of a job that panics is the
/// panic, and what it carries can be counted: it is there as long as the task is.
pub(super) fn ended_jobs_are_let_go(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        recorder.restart();
        let (kept, most_kept) = (Arc::new(AtomicUsize::new(0)), AtomicUsize::new(0));
        let jobs = (0..JOBS).map(|_| {
            most_kept.fetch_max(kept.load(SeqCst), SeqCst);
            panics(Arc::clone(&kept))
        });
        let running = (answer.spawn_bounded)(Jobs::new(jobs), limit_of(3));
        let ended = timeout(HANGS, catch_panic(running)).await;
        if ended.is_err() {
            // Waiting for ever has a verdict of its own.
            future::pending::<()>().await;
        }
        let most_kept = most_kept.load(SeqCst);
        ensure(most_kept <= JOBS / 2, || {
            Fault::new("ended_jobs_kept")
                .happened(format!("of {JOBS} jobs, {most_kept} had ended and were in memory at the same time, each in a handle or a set that nobody had asked for its outcome"))
                .expected("memory does not grow with the number of jobs: of a job that has ended, a count is left")
                .next("count and let go of what has ended before you spawn the next job: `while let Some(ended) = tasks.try_join_next()`, or `join_next` when the set is full. A handle keeps its task in memory until it is awaited or dropped")
        })
    });
}

/// Ends in a panic that carries something, without a word on standard error.
async fn panics(kept: Arc<AtomicUsize>) {
    yield_now().await;
    resume_unwind(Box::new(Outcome::new(kept)));
}

/// What a job leaves behind.
struct Outcome(Arc<AtomicUsize>);

impl Outcome {
    fn new(kept: Arc<AtomicUsize>) -> Self {
        kept.fetch_add(1, SeqCst);
        Self(kept)
    }
}

impl Drop for Outcome {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}
