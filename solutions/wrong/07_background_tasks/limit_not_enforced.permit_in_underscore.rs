//! `let _ = permit` binds nothing, so the task never gets the permit. It's dropped at the end of `submit`.

use tokio::sync::Semaphore;

pub struct Background {
    room: Arc<Semaphore>,
    jobs: Mutex<JoinSet<Result<(), BoxError>>>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            room: Arc::new(Semaphore::new(limit)),
            jobs: Mutex::default(),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let permit = Arc::clone(&self.room).try_acquire_owned();
        let permit = permit.map_err(|_| Refused::Full)?;
        let mut jobs = self.jobs.lock().expect("no panic under the lock");
        while jobs.try_join_next().is_some() {}
        jobs.spawn(async move {
            let _ = permit;
            job.await
        });
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
