//! What jobs that have ended leave in memory.

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

/// Far apart, and more than any answer keeps on purpose to free all at once.
const FEW: usize = 2000;
const MANY: usize = 8000;

/// A task that has ended keeps its job's outcome for the owner of its handle. The outcome of a job that panics is the
/// panic's payload, which the test can count: it lives as long as the task.
pub(super) fn ended_jobs_are_let_go(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        recorder.restart();
        let few = most_kept(answer, FEW).await;
        let many = most_kept(answer, MANY).await;
        // Four times as many jobs leave four times as many outcomes, or somewhat fewer if some are freed now and then.
        let grows = few >= 2 * LIMIT + 2 && many >= 3 * few;
        ensure(!grows, || {
            Fault::new("finished_tasks_kept")
                .happened(format!("of {FEW} jobs, {few} had ended and were still in memory. Of {MANY} jobs it was {many}: a handle or a set kept their outcomes, and the function hadn't asked for them"))
                .expected("memory use doesn't grow with the number of jobs: a job that has ended leaves only a count")
                .next("call `try_join_next` in the loop that spawns: `while let Some(ended) = tasks.try_join_next()` counts and frees the tasks that have ended")
        })
    });
}

const LIMIT: usize = 3;

/// The most jobs that had ended and were still in memory when the function took a new one.
async fn most_kept(answer: &Answer, jobs: usize) -> usize {
    let (kept, most) = (Arc::new(AtomicUsize::new(0)), AtomicUsize::new(0));
    let jobs = (0..jobs).map(|_| {
        most.fetch_max(kept.load(SeqCst), SeqCst);
        panics(Arc::clone(&kept))
    });
    let running = (answer.spawn_bounded)(Jobs::new(jobs), limit_of(LIMIT));
    let ended = timeout(HANGS, catch_panic(running)).await;
    if ended.is_err() {
        // There's a separate verdict for waiting for ever.
        future::pending::<()>().await;
    }
    most.load(SeqCst)
}

/// Ends in a panic with a payload, and prints nothing to standard error.
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
