//! A task joins what has ended once a second. Until then, ended jobs keep their slots.

use tokio::time::interval;

pub struct Background {
    limit: usize,
    jobs: Arc<Mutex<JoinSet<Result<(), BoxError>>>>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        let jobs: Arc<Mutex<JoinSet<_>>> = Arc::default();
        let reaped = Arc::clone(&jobs);
        tokio::spawn(async move {
            let mut ticks = interval(Duration::from_secs(1));
            loop {
                ticks.tick().await;
                let mut jobs = reaped.lock().expect("no panic under the lock");
                while jobs.try_join_next().is_some() {}
            }
        });
        Self { limit, jobs }
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
