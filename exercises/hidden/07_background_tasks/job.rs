//! A job that a test hands to the code under study, and its record.

use std::{
    fmt,
    future::poll_fn,
    panic,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    task::Poll,
    thread::{self, ThreadId},
    time::Duration,
};

use async_workbook::services::upstream::{Route, Upstream};
use axum::BoxError;
use tokio::time::Instant;

use crate::{Refused, desk::Desk};

/// How a job ends if nothing stops it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ending {
    Done,
    Fails,
    Panics,
}

pub(crate) use Ending::{Done, Fails, Panics};

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Done => "returned `Ok`",
            Fails => "returned `Err`",
            Panics => "panicked",
        })
    }
}

/// The record of one job.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) name: String,
    pub(crate) takes: Duration,
    pub(crate) ending: Ending,
    /// When it was submitted, and what `submit` returned.
    pub(crate) submitted: Instant,
    pub(crate) answer: Option<Result<(), Refused>>,
    /// When it was first polled, and by which thread.
    pub(crate) begun: Option<(Instant, ThreadId)>,
    /// When it came to its end, however it ended.
    pub(crate) ended: Option<Instant>,
    /// When its future was dropped.
    pub(crate) gone: Option<Instant>,
    /// Where the task that polled it lies in memory.
    pub(crate) task: Option<usize>,
    /// Whether it was first polled before `submit` had returned.
    pub(crate) polled_by_submit: bool,
}

impl Job {
    pub(crate) fn is_accepted(&self) -> bool {
        self.answer == Some(Ok(()))
    }

    /// When it ends if it begins at once and nothing stops it.
    pub(crate) fn natural_end(&self) -> Instant {
        self.submitted + self.takes
    }

    /// Accepted, and not due to have ended yet.
    pub(crate) fn is_under_way(&self) -> bool {
        self.is_accepted() && self.natural_end() >= Instant::now()
    }
}

/// Where the task that polls this lies in memory.
pub(crate) async fn address_of_task() -> usize {
    poll_fn(|context| Poll::Ready(context.waker().data().addr())).await
}

/// What a job writes its record on. It's dropped with the job's future.
pub(crate) struct Slip {
    pub(crate) desk: Desk,
    pub(crate) index: usize,
}

impl Slip {
    /// The job itself.
    pub(crate) async fn work(
        self,
        name: String,
        takes: Duration,
        ending: Ending,
    ) -> Result<(), BoxError> {
        let task = address_of_task().await;
        self.note(|job| {
            job.begun = Some((Instant::now(), thread::current().id()));
            job.task = Some(task);
        });
        self.desk.0.begun.notify_all();
        // A call to an upstream takes time, and the timeline draws it.
        let route = Route::new(name.as_str()).latency(takes);
        let upstream = Upstream::builder().route(match ending {
            Done => route,
            Fails | Panics => route.fails(500),
        });
        let answer = upstream.build().get(&name).await;
        self.note(|job| job.ended = Some(Instant::now()));
        match ending {
            Done => drop(answer),
            Fails => return Err(Box::new(Failure(Alive::new(&self.desk.0.errors)))),
            // Unlike `panic!`, this prints nothing: the learner didn't cause it.
            Panics => panic::resume_unwind(Box::new(Payload(Alive::new(&self.desk.0.payloads)))),
        }
        Ok(())
    }

    fn note(&self, note: impl FnOnce(&mut Job)) {
        note(&mut self.desk.jobs()[self.index]);
    }
}

impl Drop for Slip {
    fn drop(&mut self) {
        self.note(|job| job.gone = Some(Instant::now()));
    }
}

/// The error of a job that fails.
#[derive(Debug)]
struct Failure(#[expect(dead_code, reason = "it is there to be dropped")] Alive);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the job failed, as the test asked it to")
    }
}

impl std::error::Error for Failure {}

/// What a job panics with.
pub(crate) struct Payload(#[expect(dead_code, reason = "it is there to be dropped")] Alive);

/// Counts itself as alive until it's dropped.
#[derive(Debug)]
struct Alive(Arc<AtomicUsize>);

impl Alive {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}
