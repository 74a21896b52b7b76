//! Keeps every handle, and with it the output of its job, even of those that have ended. A service that runs for a
//! month keeps them all.

use tokio::task::JoinHandle;

pub struct Background {
    limit: usize,
    jobs: Mutex<Vec<JoinHandle<Result<(), BoxError>>>>,
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
        let mut jobs = self.jobs.lock().expect("no panic under the lock");
        let running = jobs.iter().filter(|job| !job.is_finished()).count();
        if running >= self.limit {
            return Err(Refused::Full);
        }
        jobs.push(tokio::spawn(job));
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
