//! One worker takes one job after another. A slow mail server holds up everybody behind it.

use futures::future::BoxFuture;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

pub struct Background {
    room: Arc<Semaphore>,
    queue: mpsc::Sender<Job>,
}

type Job = (
    BoxFuture<'static, Result<(), BoxError>>,
    OwnedSemaphorePermit,
);

impl Background {
    pub fn new(limit: usize) -> Self {
        let (queue, mut jobs) = mpsc::channel::<Job>(limit);
        tokio::spawn(async move {
            while let Some((job, permit)) = jobs.recv().await {
                // In a task, so that a panic does not end the worker.
                drop(tokio::spawn(job).await);
                drop(permit);
            }
        });
        Self {
            room: Arc::new(Semaphore::new(limit)),
            queue,
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let permit = Arc::clone(&self.room).try_acquire_owned();
        let permit = permit.map_err(|_| Refused::Full)?;
        let job = (Box::pin(job) as BoxFuture<_>, permit);
        self.queue.try_send(job).map_err(|_| Refused::Full)
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
