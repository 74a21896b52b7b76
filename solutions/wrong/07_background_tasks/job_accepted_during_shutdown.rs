//! `TaskTracker::close` lets `wait` end, but refuses nothing: a closed tracker takes new tasks, and waits for them too.

use tokio::{sync::Semaphore, time::timeout};
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
        let permit = permit.map_err(|_| Refused::Full)?;
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
        self.supervisors.close();
        if timeout(grace, self.supervisors.wait()).await.is_err() {
            self.abort.cancel();
            self.supervisors.wait().await;
        }
        *self.report.lock().expect("no panic under the lock")
    }
}
