//! A `JoinSet` counts a task until it's joined, and nobody joins those that have ended: the first `limit` jobs are the
//! last.

pub struct Background {
    limit: usize,
    jobs: Mutex<JoinSet<Result<(), BoxError>>>,
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
        jobs.spawn(job);
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
