//! Treats the `Err` of `catch_unwind` like an error that the job returned.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use tokio::{
    sync::{Semaphore, TryAcquireError},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub struct Background {
    room: Arc<Semaphore>,
    jobs: TaskTracker,
    abort: CancellationToken,
    report: Arc<Mutex<Report>>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            room: Arc::new(Semaphore::new(limit)),
            jobs: TaskTracker::new(),
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
        self.jobs.spawn(async move {
            let job = AssertUnwindSafe(job).catch_unwind();
            let ended = abort.run_until_cancelled(job).await;
            let mut report = report.lock().expect("no panic under the lock");
            match ended {
                Some(Ok(Ok(()))) => report.done += 1,
                Some(Ok(Err(_)) | Err(_)) => report.failed += 1,
                None => report.aborted += 1,
            }
            drop(permit);
        });
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        self.room.close();
        self.jobs.close();
        if timeout(grace, self.jobs.wait()).await.is_err() {
            self.abort.cancel();
            self.jobs.wait().await;
        }
        *self.report.lock().expect("no panic under the lock")
    }
}
