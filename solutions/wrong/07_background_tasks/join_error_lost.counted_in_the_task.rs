//! Wrong: the task counts after its job. A panic skips what comes after, and so does an abort.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_workbook::services::mailer::Mailer;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{BoxError, Router};
use tokio::sync::{Semaphore, TryAcquireError};
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
        let (abort, report) = (self.abort.clone(), Arc::clone(&self.report));
        self.supervisors.spawn(async move {
            let _permit = permit;
            let Some(ended) = abort.run_until_cancelled(job).await else {
                return;
            };
            let mut report = report.lock().expect("no panic under the lock");
            match ended {
                Ok(()) => report.done += 1,
                Err(_) => report.failed += 1,
            }
        });
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        self.room.close();
        self.supervisors.close();
        if timeout(grace, self.supervisors.wait()).await.is_err() {
            self.abort.cancel();
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
