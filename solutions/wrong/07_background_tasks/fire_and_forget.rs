//! `tokio::spawn`, and nothing else. When the handle is dropped, the task goes on, but nobody can wait for it: what's
//! still running when the program ends is lost.

use tokio::sync::{Semaphore, TryAcquireError};

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
        let permit = permit.map_err(|error| match error {
            TryAcquireError::NoPermits => Refused::Full,
            TryAcquireError::Closed => Refused::ShuttingDown,
        })?;
        tokio::spawn(async move {
            let ended = job.await;
            drop(permit);
            ended
        });
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        self.room.close();
        Report::default()
    }
}
