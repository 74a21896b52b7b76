//! `let _ =` drops the handle on the spot, and this kind of handle aborts the task when it is dropped.

use tokio::sync::Semaphore;
use tokio_util::task::AbortOnDropHandle;

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
        let _ = AbortOnDropHandle::new(tokio::spawn(async move {
            let ended = job.await;
            drop(permit);
            ended
        }));
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
