//! Wrong: the tasks count for themselves and return nothing, and so nobody joins them. The `JoinSet` keeps each of
//! them all the same.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_workbook::services::mailer::Mailer;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{BoxError, Router};
use futures::FutureExt as _;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

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
    jobs: Mutex<JoinSet<()>>,
    report: Arc<Mutex<Report>>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            room: Arc::new(Semaphore::new(limit)),
            jobs: Mutex::default(),
            report: Arc::default(),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let permit = Arc::clone(&self.room).try_acquire_owned();
        let permit = permit.map_err(|_| Refused::Full)?;
        let report = Arc::clone(&self.report);
        let mut jobs = self.jobs.lock().expect("no panic under the lock");
        jobs.spawn(async move {
            let ended = AssertUnwindSafe(job).catch_unwind().await;
            let mut report = report.lock().expect("no panic under the lock");
            match ended {
                Ok(Ok(())) => report.done += 1,
                Ok(Err(_)) => report.failed += 1,
                Err(_) => report.panicked += 1,
            }
            drop(permit);
        });
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
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
