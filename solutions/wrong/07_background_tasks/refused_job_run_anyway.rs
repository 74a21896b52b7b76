//! Spawns first and checks for room second. A spawned task runs, whatever is returned.

use tokio::task::AbortHandle;

pub struct Background {
    limit: usize,
    jobs: Mutex<Vec<AbortHandle>>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            jobs: Mutex::default(),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let task = tokio::spawn(job);
        let mut jobs = self.jobs.lock().expect("no panic under the lock");
        jobs.retain(|job| !job.is_finished());
        if jobs.len() >= self.limit {
            return Err(Refused::Full);
        }
        jobs.push(task.abort_handle());
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
