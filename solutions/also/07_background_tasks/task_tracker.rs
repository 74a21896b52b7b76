//! Also right: a `TaskTracker` to wait with, a `CancellationToken` to abort with, a `Semaphore` for the room,
//! and a supervisor for each job, which counts how it ended.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_workbook::services::mailer::Mailer;
use axum::{BoxError, Router, extract::Path, http::StatusCode, routing::post};
use tokio::{
    sync::{Semaphore, TryAcquireError},
    task::JoinError,
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

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

pub struct Background {
    room: Arc<Semaphore>,
    supervisors: TaskTracker,
    abort: CancellationToken,
    report: Arc<Mutex<Report>>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            room: Arc::new(Semaphore::new(limit)),
            supervisors: TaskTracker::new(),
            abort: CancellationToken::new(),
            report: Arc::default(),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        // Held until the supervisor is tracked, so that a shutdown on another thread, which begins after
        // the permit was taken, waits for the job.
        let _submitting = self.supervisors.token();
        let permit = Arc::clone(&self.room).try_acquire_owned();
        let permit = permit.map_err(|error| match error {
            TryAcquireError::NoPermits => Refused::Full,
            TryAcquireError::Closed => Refused::ShuttingDown,
        })?;
        // A task of its own, so that its panic ends there, and leaves the supervisor to count it.
        let mut job = tokio::spawn(job);
        let (abort, report) = (self.abort.clone(), Arc::clone(&self.report));
        self.supervisors.spawn(async move {
            let joined = tokio::select! {
                joined = &mut job => joined,
                () = abort.cancelled() => {
                    job.abort();
                    job.await
                }
            };
            count(&report, joined);
            drop(permit);
        });
        Ok(())
    }

    /// A tracker that is closed refuses nothing: the semaphore does. Its `wait` ends only once it is closed.
    pub async fn shutdown(&self, grace: Duration) -> Report {
        self.room.close();
        self.supervisors.close();
        if timeout(grace, self.supervisors.wait()).await.is_err() {
            self.abort.cancel();
            self.supervisors.wait().await;
        }
        *self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn count(report: &Mutex<Report>, joined: Result<Result<(), BoxError>, JoinError>) {
    let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
    match joined {
        Ok(Ok(())) => report.done += 1,
        Ok(Err(_)) => report.failed += 1,
        Err(error) if error.is_panic() => report.panicked += 1,
        Err(_) => report.aborted += 1,
    }
}

pub async fn register(background: &Background, mailer: Arc<dyn Mailer>, to: String) -> StatusCode {
    let accepted = background.submit(async move {
        mailer.send(&to, "Welcome!").await?;
        Ok(())
    });
    if accepted.is_ok() {
        StatusCode::ACCEPTED
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

pub fn app(background: Arc<Background>, mailer: Arc<dyn Mailer>) -> Router {
    let handler =
        async move |Path(to): Path<String>| register(&background, Arc::clone(&mailer), to).await;
    Router::new().route("/register/{to}", post(handler))
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_background_tasks::grade!();
