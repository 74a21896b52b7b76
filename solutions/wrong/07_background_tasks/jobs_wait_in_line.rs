//! Wrong: one worker takes one job after another. A slow mail server holds up everybody behind it.

use std::sync::Arc;
use std::time::Duration;

use async_workbook::services::mailer::Mailer;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{BoxError, Router};
use futures::future::BoxFuture;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

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
    queue: mpsc::Sender<Job>,
}

type Job = (
    BoxFuture<'static, Result<(), BoxError>>,
    OwnedSemaphorePermit,
);

impl Background {
    pub fn new(limit: usize) -> Self {
        let (queue, mut jobs) = mpsc::channel::<Job>(limit);
        tokio::spawn(async move {
            while let Some((job, permit)) = jobs.recv().await {
                // In a task, so that a panic does not end the worker.
                drop(tokio::spawn(job).await);
                drop(permit);
            }
        });
        Self {
            room: Arc::new(Semaphore::new(limit)),
            queue,
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let permit = Arc::clone(&self.room).try_acquire_owned();
        let permit = permit.map_err(|_| Refused::Full)?;
        let job = (Box::pin(job) as BoxFuture<_>, permit);
        self.queue.try_send(job).map_err(|_| Refused::Full)
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
