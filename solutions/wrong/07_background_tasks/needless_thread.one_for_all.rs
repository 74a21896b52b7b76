//! One thread takes the jobs from a channel, and drives each to its end. It isn't a runtime, so a job that sleeps
//! panics.

use std::{
    sync::mpsc::{self, SyncSender},
    thread,
};

use futures::{executor::block_on, future::BoxFuture};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

type Job = (
    BoxFuture<'static, Result<(), BoxError>>,
    OwnedSemaphorePermit,
);

pub struct Background {
    room: Arc<Semaphore>,
    queue: SyncSender<Job>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        let (queue, jobs) = mpsc::sync_channel::<Job>(limit);
        thread::spawn(move || {
            for (job, permit) in jobs {
                drop(block_on(job));
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
        self.queue
            .try_send((Box::pin(job), permit))
            .map_err(|_| Refused::Full)
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
