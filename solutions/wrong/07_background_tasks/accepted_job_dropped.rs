//! The `JoinSet` is dropped at the end of `submit`, and aborts its task before it has begun.

use tokio::sync::Semaphore;

pub struct Background {
    room: Arc<Semaphore>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            room: Arc::new(Semaphore::new(limit)),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let permit = Arc::clone(&self.room).try_acquire_owned();
        let permit = permit.map_err(|_| Refused::Full)?;
        let mut jobs = JoinSet::new();
        jobs.spawn(async move {
            let ended = job.await;
            drop(permit);
            ended
        });
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
