//! The task counts after its job. A panic skips that line, and so does an abort.

use tokio::{
    sync::{Semaphore, TryAcquireError},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub struct Background {
    room: Arc<Semaphore>,
    supervisors: TaskTracker,
    abort: CancellationToken,
    report: Arc<Mutex<Report>>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            room: Arc::new(Semaphore::new(limit)),
            supervisors: TaskTracker::new(),
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
        self.supervisors.spawn(async move {
            let _permit = permit;
            let Some(ended) = abort.run_until_cancelled(job).await else {
                return;
            };
            let mut report = report.lock().expect("no panic under the lock");
            match ended {
                Ok(()) => report.done += 1,
                Err(_) => report.failed += 1,
            }
        });
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        self.room.close();
        self.supervisors.close();
        if timeout(grace, self.supervisors.wait()).await.is_err() {
            self.abort.cancel();
            self.supervisors.wait().await;
        }
        *self.report.lock().expect("no panic under the lock")
    }
}
