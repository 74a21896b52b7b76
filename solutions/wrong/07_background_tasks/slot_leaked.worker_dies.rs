//! A job that panics takes its worker with it. After `limit` panics, nobody is left to take a job.

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
        let (queue, jobs) = mpsc::channel::<Job>(limit);
        let jobs = Arc::new(tokio::sync::Mutex::new(jobs));
        for _ in 0..limit {
            let jobs = Arc::clone(&jobs);
            tokio::spawn(async move {
                while let Some((job, permit)) = { jobs.lock().await.recv().await } {
                    drop(job.await);
                    drop(permit);
                }
            });
        }
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
