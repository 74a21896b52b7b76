//! Wrong: the tracker is not closed, and so its `wait` does not end with the last job. Every shutdown takes the
//! whole grace.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_workbook::services::mailer::Mailer;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{BoxError, Router};
use tokio::sync::{Semaphore, TryAcquireError};
use tokio::task::JoinError;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

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

impl Report {
    fn count(&mut self, ended: Result<Result<(), BoxError>, JoinError>) {
        match ended {
            Ok(Ok(())) => self.done += 1,
            Ok(Err(_)) => self.failed += 1,
            Err(error) if error.is_panic() => self.panicked += 1,
            Err(_) => self.aborted += 1,
        }
    }
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
        let permit = Arc::clone(&self.room).try_acquire_owned();
        let permit = permit.map_err(|error| match error {
            TryAcquireError::NoPermits => Refused::Full,
            TryAcquireError::Closed => Refused::ShuttingDown,
        })?;
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
            report
                .lock()
                .expect("no panic under the lock")
                .count(joined);
            drop(permit);
        });
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        self.room.close();
        if timeout(grace, self.supervisors.wait()).await.is_err() {
            self.abort.cancel();
            self.supervisors.close();
            self.supervisors.wait().await;
        }
        *self.report.lock().expect("no panic under the lock")
    }
}

pub async fn register(_: &Background, _: Arc<dyn Mailer>, _: String) -> StatusCode {
    todo!("another task")
}

pub fn app(background: Arc<Background>, mailer: Arc<dyn Mailer>) -> Router {
    let handler =
        async move |Path(to): Path<String>| register(&background, Arc::clone(&mailer), to).await;
    Router::new().route("/register/{to}", post(handler))
}

#[cfg(test)]
#[path = "../../../exercises/hidden/07_background_tasks.rs"]
mod hidden;
