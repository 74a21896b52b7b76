//! Wrong: drops the handles of what is left when the grace is over. A `JoinHandle` that is dropped does not abort its
//! task: that goes on, and nobody can reach it any more.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_workbook::services::mailer::Mailer;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{BoxError, Router};
use futures::FutureExt as _;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::{Instant, timeout_at};

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
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    shutting_down: bool,
    jobs: Vec<JoinHandle<Result<(), BoxError>>>,
    ended: Report,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            state: Mutex::default(),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let mut state = self.state.lock().expect("no panic under the lock");
        let State {
            shutting_down,
            jobs,
            ended,
        } = &mut *state;
        if *shutting_down {
            return Err(Refused::ShuttingDown);
        }
        for job in jobs.extract_if(.., |job| job.is_finished()) {
            ended.count(job.now_or_never().expect("it has ended"));
        }
        if jobs.len() >= self.limit {
            return Err(Refused::Full);
        }
        jobs.push(tokio::spawn(job));
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        let deadline = Instant::now() + grace;
        let (jobs, mut report) = {
            let mut state = self.state.lock().expect("no panic under the lock");
            state.shutting_down = true;
            (std::mem::take(&mut state.jobs), state.ended)
        };
        for job in jobs {
            match timeout_at(deadline, job).await {
                Ok(joined) => report.count(joined),
                Err(_) => report.aborted += 1,
            }
        }
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
