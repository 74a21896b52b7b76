//! The workers are bounded, but the channel in front of them isn't: under load it grows until memory runs out.

use futures::future::BoxFuture;
use tokio::sync::mpsc;

pub struct Background {
    queue: mpsc::UnboundedSender<Job>,
}

type Job = BoxFuture<'static, Result<(), BoxError>>;

impl Background {
    pub fn new(limit: usize) -> Self {
        let (queue, jobs) = mpsc::unbounded_channel::<Job>();
        let jobs = Arc::new(tokio::sync::Mutex::new(jobs));
        for _ in 0..limit {
            let jobs = Arc::clone(&jobs);
            tokio::spawn(async move {
                while let Some(job) = { jobs.lock().await.recv().await } {
                    // In a task, so that a panic does not end the worker.
                    drop(tokio::spawn(job).await);
                }
            });
        }
        Self { queue }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let job = Box::pin(job);
        self.queue.send(job).map_err(|_| Refused::ShuttingDown)
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
