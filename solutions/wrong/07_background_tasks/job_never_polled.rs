//! Keeps the futures for `shutdown` to await. Until then nobody polls them, so no mail goes out while the service runs.

use futures::future::BoxFuture;

pub struct Background {
    limit: usize,
    jobs: Mutex<Vec<BoxFuture<'static, Result<(), BoxError>>>>,
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
        if jobs.len() >= self.limit {
            return Err(Refused::Full);
        }
        jobs.push(Box::pin(job));
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
