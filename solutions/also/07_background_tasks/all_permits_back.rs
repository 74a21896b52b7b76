//! Also right: when all permits are back, all jobs have ended. The task catches the panic of its job, and counts every
//! ending itself.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_workbook::services::mailer::Mailer;
use axum::{BoxError, Router, extract::Path, http::StatusCode, routing::post};
use futures::FutureExt as _;
use tokio::{sync::Semaphore, time::timeout};
use tokio_util::sync::CancellationToken;

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
    limit: u32,
    /// A semaphore that is closed could no longer be waited for: hence a mark beside it.
    shutting_down: AtomicBool,
    room: Arc<Semaphore>,
    abort: CancellationToken,
    report: Arc<Mutex<Report>>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            limit: u32::try_from(limit).expect("nobody has room for so many jobs"),
            shutting_down: AtomicBool::new(false),
            room: Arc::new(Semaphore::new(limit)),
            abort: CancellationToken::new(),
            report: Arc::default(),
        }
    }

    /// The permit comes first and the mark second: a shutdown on another thread, which marks first and waits for
    /// the permits second, either is seen here or waits for this job.
    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let permit = Arc::clone(&self.room).try_acquire_owned();
        if self.shutting_down.load(Ordering::SeqCst) {
            return Err(Refused::ShuttingDown);
        }
        let permit = permit.map_err(|_| Refused::Full)?;
        let (abort, report) = (self.abort.clone(), Arc::clone(&self.report));
        tokio::spawn(async move {
            let job = AssertUnwindSafe(job).catch_unwind();
            let ended = abort.run_until_cancelled(job).await;
            let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
            match ended {
                Some(Ok(Ok(()))) => report.done += 1,
                Some(Ok(Err(_))) => report.failed += 1,
                Some(Err(_)) => report.panicked += 1,
                None => report.aborted += 1,
            }
            drop(permit);
        });
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        self.shutting_down.store(true, Ordering::SeqCst);
        let all = timeout(grace, self.room.acquire_many(self.limit)).await;
        if all.is_err() {
            self.abort.cancel();
            let all = self.room.acquire_many(self.limit).await;
            drop(all.expect("the semaphore is never closed"));
        }
        *self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub async fn register(background: &Background, mailer: Arc<dyn Mailer>, to: String) -> StatusCode {
    let job = async move { mailer.send(&to, "Welcome!").await.map_err(Into::into) };
    match background.submit(job) {
        Ok(()) => StatusCode::ACCEPTED,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

pub fn app(background: Arc<Background>, mailer: Arc<dyn Mailer>) -> Router {
    let handler =
        async move |Path(to): Path<String>| register(&background, Arc::clone(&mailer), to).await;
    Router::new().route("/register/{to}", post(handler))
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_background_tasks::grade!();
