//! Checks every 100 ms whether everything is done. It waits longer than it must, and wakes up for nothing.

use tokio::{
    sync::{Semaphore, TryAcquireError},
    time::sleep,
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
        let mut job = tokio::spawn(job);
        let (abort, report) = (self.abort.clone(), Arc::clone(&self.report));
        self.supervisors.spawn(async move {
            let joined = tokio::select! {
                joined = &mut job => joined,
                () = abort.cancelled() => {
                    job.abort();
                    job.await
                }
            };
            report
                .lock()
                .expect("no panic under the lock")
                .count(joined);
            drop(permit);
        });
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        let deadline = Instant::now() + grace;
        self.room.close();
        self.supervisors.close();
        while !self.supervisors.is_empty() && Instant::now() < deadline {
            let left = deadline - Instant::now();
            sleep(left.min(Duration::from_millis(100))).await;
        }
        self.abort.cancel();
        self.supervisors.wait().await;
        *self.report.lock().expect("no panic under the lock")
    }
}
