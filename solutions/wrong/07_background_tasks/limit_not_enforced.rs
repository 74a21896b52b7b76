//! Takes the permit inside the task. Only `limit` jobs run at a time, but any number of tasks waits for a turn, in
//! memory.

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
        let room = Arc::clone(&self.room);
        tokio::spawn(async move {
            let permit = room.acquire().await.expect("it is never closed");
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
