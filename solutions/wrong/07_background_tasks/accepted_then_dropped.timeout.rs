//! Wrong: nobody asked for a timeout. A job that takes longer is dropped half way.

use std::sync::Arc;
use std::time::Duration;

use async_workbook::services::mailer::Mailer;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{BoxError, Router};
use tokio::sync::Semaphore;
use tokio::time::timeout;

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
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            room: Arc::new(Semaphore::new(limit)),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let permit = Arc::clone(&self.room).try_acquire_owned();
        let permit = permit.map_err(|_| Refused::Full)?;
        tokio::spawn(async move {
            let ended = timeout(Duration::from_secs(30), job).await;
            drop(permit);
            ended
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
