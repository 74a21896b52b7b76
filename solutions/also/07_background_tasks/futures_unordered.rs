//! Also right: all jobs run inside one task, which polls them together and catches their panics.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_workbook::services::mailer::Mailer;
use axum::{BoxError, Router, extract::Path, http::StatusCode, routing::post};
use futures::{FutureExt as _, StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::{Instant, sleep_until},
};

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

type Job = BoxFuture<'static, Result<(), BoxError>>;

pub struct Background {
    limit: usize,
    running: Arc<AtomicUsize>,
    supervisor: Mutex<Option<Supervisor>>,
}

struct Supervisor {
    jobs: mpsc::UnboundedSender<Job>,
    deadline: oneshot::Sender<Instant>,
    report: JoinHandle<Report>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        let (jobs, receiver) = mpsc::unbounded_channel();
        let (deadline, told) = oneshot::channel();
        let running = Arc::default();
        let report = tokio::spawn(supervise(receiver, told, Arc::clone(&running)));
        let supervisor = Supervisor {
            jobs,
            deadline,
            report,
        };
        Self {
            limit,
            running,
            supervisor: Mutex::new(Some(supervisor)),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let supervisor = self.supervisor();
        let supervisor = supervisor.as_ref().ok_or(Refused::ShuttingDown)?;
        // The lock is held, and the supervisor only lowers it.
        if self.running.load(Ordering::SeqCst) >= self.limit {
            return Err(Refused::Full);
        }
        self.running.fetch_add(1, Ordering::SeqCst);
        supervisor
            .jobs
            .send(Box::pin(job))
            .map_err(|_| Refused::ShuttingDown)
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        let deadline = Instant::now() + grace;
        let taken = self.supervisor().take();
        let Some(supervisor) = taken else {
            return Report::default();
        };
        drop(supervisor.jobs);
        supervisor
            .deadline
            .send(deadline)
            .expect("the supervisor waits for it");
        supervisor
            .report
            .await
            .expect("the supervisor does not panic")
    }

    fn supervisor(&self) -> MutexGuard<'_, Option<Supervisor>> {
        self.supervisor
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

async fn supervise(
    mut receiver: mpsc::UnboundedReceiver<Job>,
    deadline: oneshot::Receiver<Instant>,
    running: Arc<AtomicUsize>,
) -> Report {
    let mut jobs = FuturesUnordered::new();
    let mut report = Report::default();
    let over = async {
        match deadline.await {
            Ok(deadline) => sleep_until(deadline).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::pin!(over);
    let mut more = true;
    while more || !jobs.is_empty() {
        tokio::select! {
            biased;
            job = receiver.recv(), if more => match job {
                Some(job) => jobs.push(AssertUnwindSafe(job).catch_unwind()),
                None => more = false,
            },
            Some(ended) = jobs.next() => {
                match ended {
                    Ok(Ok(())) => report.done += 1,
                    Ok(Err(_)) => report.failed += 1,
                    Err(_) => report.panicked += 1,
                }
                running.fetch_sub(1, Ordering::SeqCst);
            }
            () = &mut over => break,
        }
    }
    report.aborted = jobs.len();
    report
}

pub async fn register(background: &Background, mailer: Arc<dyn Mailer>, to: String) -> StatusCode {
    match background.submit(async move { Ok(mailer.send(&to, "Welcome!").await?) }) {
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
