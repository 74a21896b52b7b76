//! Also right: as many workers as the limit allows, over a bounded channel. The permit travels with its job, and a
//! worker catches the panic of a job so it can take the next.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_workbook::services::mailer::Mailer;
use axum::{BoxError, Router, extract::Path, http::StatusCode, routing::post};
use futures::{FutureExt as _, future::BoxFuture};
use tokio::{
    sync::{Mutex as AsyncMutex, OwnedSemaphorePermit, Semaphore, mpsc},
    task::JoinSet,
    time::timeout,
};
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

type Job = (
    BoxFuture<'static, Result<(), BoxError>>,
    OwnedSemaphorePermit,
);

pub struct Background {
    room: Arc<Semaphore>,
    shared: Arc<Shared>,
    hands: Mutex<Hands>,
}

/// What is let go of when the shutdown begins: without a sender, the workers end when the queue is empty.
#[derive(Default)]
struct Hands {
    queue: Option<mpsc::Sender<Job>>,
    workers: JoinSet<()>,
}

struct Shared {
    queue: AsyncMutex<mpsc::Receiver<Job>>,
    abort: CancellationToken,
    report: Mutex<Report>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        let (sender, receiver) = mpsc::channel(limit);
        let shared = Arc::new(Shared {
            queue: AsyncMutex::new(receiver),
            abort: CancellationToken::new(),
            report: Mutex::default(),
        });
        let mut workers = JoinSet::new();
        for _ in 0..limit {
            workers.spawn(work(Arc::clone(&shared)));
        }
        Self {
            room: Arc::new(Semaphore::new(limit)),
            shared,
            hands: Mutex::new(Hands {
                queue: Some(sender),
                workers,
            }),
        }
    }

    /// The permit is what bounds the jobs: the channel alone has room for as many again.
    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let hands = lock(&self.hands);
        let queue = hands.queue.as_ref().ok_or(Refused::ShuttingDown)?;
        let permit = Arc::clone(&self.room).try_acquire_owned();
        let permit = permit.map_err(|_| Refused::Full)?;
        queue
            .try_send((Box::pin(job), permit))
            .map_err(|_| Refused::Full)
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        let Hands { queue, mut workers } = std::mem::take(&mut *lock(&self.hands));
        drop(queue);
        let all_gone = async { while workers.join_next().await.is_some() {} };
        if timeout(grace, all_gone).await.is_err() {
            // The workers drop the jobs that they run, and those that they find in the queue.
            self.shared.abort.cancel();
            while workers.join_next().await.is_some() {}
        }
        *lock(&self.shared.report)
    }
}

async fn work(shared: Arc<Shared>) {
    // Whoever has the lock waits for the next job, and the other workers wait for the lock.
    while let Some((job, permit)) = { shared.queue.lock().await.recv().await } {
        let job = AssertUnwindSafe(job).catch_unwind();
        let ended = shared.abort.run_until_cancelled(job).await;
        let mut report = lock(&shared.report);
        match ended {
            Some(Ok(Ok(()))) => report.done += 1,
            Some(Ok(Err(_))) => report.failed += 1,
            Some(Err(_)) => report.panicked += 1,
            None => report.aborted += 1,
        }
        drop(permit);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub async fn register(background: &Background, mailer: Arc<dyn Mailer>, to: String) -> StatusCode {
    let job = async move { mailer.send(&to, "Welcome!").await.map_err(BoxError::from) };
    background
        .submit(job)
        .map_or(StatusCode::SERVICE_UNAVAILABLE, |()| StatusCode::ACCEPTED)
}

pub fn app(background: Arc<Background>, mailer: Arc<dyn Mailer>) -> Router {
    let handler =
        async move |Path(to): Path<String>| register(&background, Arc::clone(&mailer), to).await;
    Router::new().route("/register/{to}", post(handler))
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_background_tasks::grade!();
