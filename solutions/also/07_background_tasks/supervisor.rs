//! Also right: one supervisor task owns the `JoinSet` and receives the jobs, so no lock is shared. A permit for each
//! job bounds the channel and the set together.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_workbook::services::mailer::Mailer;
use axum::{BoxError, Router, extract::Path, http::StatusCode, routing::post};
use futures::future::BoxFuture;
use tokio::{
    sync::{Semaphore, mpsc, oneshot},
    task::{JoinError, JoinHandle, JoinSet},
    time::{Instant, sleep_until},
};

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refused {
    Full,
    ShuttingDown,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Report {
    pub done: usize,
    pub failed: usize,
    pub panicked: usize,
    pub aborted: usize,
}

type Job = BoxFuture<'static, Result<(), BoxError>>;

pub struct Background {
    room: Arc<Semaphore>,
    supervisor: Mutex<Option<Supervisor>>,
}

/// The ways to reach the supervisor. Taken when the shutdown begins, so that nobody can send it more.
struct Supervisor {
    jobs: mpsc::Sender<Job>,
    deadline: oneshot::Sender<Instant>,
    report: JoinHandle<Report>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        let (jobs, receiver) = mpsc::channel(limit);
        let (deadline, told) = oneshot::channel();
        Self {
            room: Arc::new(Semaphore::new(limit)),
            supervisor: Mutex::new(Some(Supervisor {
                jobs,
                deadline,
                report: tokio::spawn(supervise(receiver, told)),
            })),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let supervisor = self.supervisor();
        let supervisor = supervisor.as_ref().ok_or(Refused::ShuttingDown)?;
        let permit = Arc::clone(&self.room).try_acquire_owned();
        let permit = permit.map_err(|_| Refused::Full)?;
        let job = async move {
            // The permit is dropped with the job, however that ends.
            let _permit = permit;
            job.await
        };
        supervisor
            .jobs
            .try_send(Box::pin(job))
            .map_err(|_| Refused::Full)
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        let deadline = Instant::now() + grace;
        let Some(supervisor) = self.supervisor().take() else {
            return Report::default();
        };
        drop(supervisor.jobs);
        supervisor
            .deadline
            .send(deadline)
            .expect("the supervisor waits for it");
        supervisor
            .report
            .await
            .expect("the supervisor does not panic")
    }

    fn supervisor(&self) -> MutexGuard<'_, Option<Supervisor>> {
        self.supervisor
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

async fn supervise(
    mut receiver: mpsc::Receiver<Job>,
    deadline: oneshot::Receiver<Instant>,
) -> Report {
    let (mut jobs, mut report) = (JoinSet::new(), Report::default());
    // Reached once the shutdown has begun and its grace is over.
    let grace_is_over = async {
        match deadline.await {
            Ok(deadline) => sleep_until(deadline).await,
            // `Background` was dropped without a shutdown.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::pin!(grace_is_over);
    let mut more = true;
    while more || !jobs.is_empty() {
        tokio::select! {
            // In this order, so that a job which has been accepted is spawned, and counted, in any case.
            biased;
            job = receiver.recv(), if more => match job {
                Some(job) => drop(jobs.spawn(job)),
                None => more = false,
            },
            Some(joined) = jobs.join_next() => count(&mut report, joined),
            () = &mut grace_is_over => break,
        }
    }
    jobs.abort_all();
    while let Some(joined) = jobs.join_next().await {
        count(&mut report, joined);
    }
    report
}

fn count(report: &mut Report, joined: Result<Result<(), BoxError>, JoinError>) {
    match joined {
        Ok(Ok(())) => report.done += 1,
        Ok(Err(_)) => report.failed += 1,
        Err(error) if error.is_panic() => report.panicked += 1,
        Err(_) => report.aborted += 1,
    }
}

pub async fn register(background: &Background, mailer: Arc<dyn Mailer>, to: String) -> StatusCode {
    // The future borrows the mailer, and so it is made inside the job, which owns it.
    let job = async move {
        if let Err(error) = mailer.send(&to, "Welcome!").await {
            return Err(error.into());
        }
        Ok(())
    };
    let Err(Refused::Full | Refused::ShuttingDown) = background.submit(job) else {
        return StatusCode::ACCEPTED;
    };
    StatusCode::SERVICE_UNAVAILABLE
}

pub fn app(background: Arc<Background>, mailer: Arc<dyn Mailer>) -> Router {
    let handler =
        async move |Path(to): Path<String>| register(&background, Arc::clone(&mailer), to).await;
    Router::new().route("/register/{to}", post(handler))
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_background_tasks::grade!();
