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

/// Far apart, and more than anyone keeps on purpose, to let it go in one go.
const FEW: usize = 2000;
const MANY: usize = 8000;

/// A task that has ended keeps the job's outcome for whoever has its handle. The outcome of a job that panics is the
/// panic, and what it carries can be counted: it is there as long as the task is.
pub(super) fn ended_jobs_are_let_go(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        recorder.restart();
        let few = most_kept(answer, FEW).await;
        let many = most_kept(answer, MANY).await;
        // With four times as many jobs there are four times as many, or somewhat fewer for what is let go at times.
        let grows = few >= 2 * LIMIT + 2 && many >= 3 * few;
        ensure(!grows, || {
            Fault::new("ended_jobs_kept")
                .happened(format!("of {FEW} jobs, {few} had ended and were still in memory, and of {MANY} jobs {many}: a handle or a set had their outcomes, and nobody had asked for them"))
                .expected("what is in memory does not grow with the number of jobs: of a job that has ended, a count is left")
                .next("before you spawn the next job, count and let go of all that have ended, `while let Some(ended) = tasks.try_join_next()`, or wait with `join_next` when the set is full. A handle keeps its task in memory until it is awaited or dropped")
        })
    });
}

const LIMIT: usize = 3;

/// How many of so many jobs had ended and were in memory, when a job was taken.
async fn most_kept(answer: &Answer, jobs: usize) -> usize {
    let (kept, most) = (Arc::new(AtomicUsize::new(0)), AtomicUsize::new(0));
    let jobs = (0..jobs).map(|_| {
        most.fetch_max(kept.load(SeqCst), SeqCst);
        panics(Arc::clone(&kept))
    });
    let running = (answer.spawn_bounded)(Jobs::new(jobs), limit_of(LIMIT));
    let ended = timeout(HANGS, catch_panic(running)).await;
    if ended.is_err() {
        // Waiting for ever has a verdict of its own.
        future::pending::<()>().await;
    }
    most.load(SeqCst)
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
