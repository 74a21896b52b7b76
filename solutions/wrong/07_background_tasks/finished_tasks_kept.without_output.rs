//! The tasks count for themselves and return nothing, so nobody joins them. The `JoinSet` still keeps each of them.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use tokio::sync::Semaphore;

pub struct Background {
    room: Arc<Semaphore>,
    jobs: Mutex<JoinSet<()>>,
    report: Arc<Mutex<Report>>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            room: Arc::new(Semaphore::new(limit)),
            jobs: Mutex::default(),
            report: Arc::default(),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let permit = Arc::clone(&self.room).try_acquire_owned();
        let permit = permit.map_err(|_| Refused::Full)?;
        let report = Arc::clone(&self.report);
        let mut jobs = self.jobs.lock().expect("no panic under the lock");
        jobs.spawn(async move {
            let ended = AssertUnwindSafe(job).catch_unwind().await;
            let mut report = report.lock().expect("no panic under the lock");
            match ended {
                Ok(Ok(())) => report.done += 1,
                Ok(Err(_)) => report.failed += 1,
                Err(_) => report.panicked += 1,
            }
            drop(permit);
        });
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
