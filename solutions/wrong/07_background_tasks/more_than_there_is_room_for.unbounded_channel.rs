//! Wrong: the workers are bounded, and the channel before them is not: under load it grows until memory ends.

use std::sync::Arc;
use std::time::Duration;

use async_workbook::services::mailer::Mailer;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{BoxError, Router};
use futures::future::BoxFuture;
use tokio::sync::mpsc;

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
    queue: mpsc::UnboundedSender<Job>,
}

type Job = BoxFuture<'static, Result<(), BoxError>>;

impl Background {
    pub fn new(limit: usize) -> Self {
        let (queue, jobs) = mpsc::unbounded_channel::<Job>();
        let jobs = Arc::new(tokio::sync::Mutex::new(jobs));
        for _ in 0..limit {
            let jobs = Arc::clone(&jobs);
            tokio::spawn(async move {
                while let Some(job) = { jobs.lock().await.recv().await } {
                    // In a task, so that a panic does not end the worker.
                    drop(tokio::spawn(job).await);
                }
            });
        }
        Self { queue }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let job = Box::pin(job);
        self.queue.send(job).map_err(|_| Refused::ShuttingDown)
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
