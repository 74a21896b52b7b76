//! Wrong: the supervisors are gone when `shutdown` returns. The jobs inside have been asked to end by the drop of
//! their handles, and nobody waits until they have.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_workbook::services::mailer::Mailer;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{BoxError, Router};
use tokio::sync::{Semaphore, TryAcquireError};
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

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
    limit: usize,
    room: Arc<Semaphore>,
    supervisors: Mutex<JoinSet<()>>,
    report: Arc<Mutex<Report>>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            room: Arc::new(Semaphore::new(limit)),
            supervisors: Mutex::default(),
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
        let report = Arc::clone(&self.report);
        let mut supervisors = self.supervisors.lock().expect("no panic under the lock");
        while supervisors.try_join_next().is_some() {}
        supervisors.spawn(async move {
            let joined = AbortOnDropHandle::new(tokio::spawn(job)).await;
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
        let mut supervisors = {
            let mut supervisors = self.supervisors.lock().expect("no panic under the lock");
            std::mem::take(&mut *supervisors)
        };
        let all = async { while supervisors.join_next().await.is_some() {} };
        let all = timeout(grace, all).await;
        let left = self.limit - self.room.available_permits();
        if all.is_err() {
            supervisors.shutdown().await;
        }
        let mut report = *self.report.lock().expect("no panic under the lock");
        report.aborted += left;
        report
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
