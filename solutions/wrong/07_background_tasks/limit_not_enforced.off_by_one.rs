//! Compares the count before it adds the new job, as if it had done so already: one more than the limit.

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
        while let Some(joined) = jobs.try_join_next() {
            drop(joined);
        }
        if jobs.len() > self.limit {
            return Err(Refused::Full);
        }
        jobs.spawn(job);
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
