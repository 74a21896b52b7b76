//! Runs the jobs on a runtime of its own. The service's runtime, and its clock, don't know about them.

use tokio::{runtime, sync::Semaphore};

pub struct Background {
    room: Arc<Semaphore>,
    runtime: runtime::Runtime,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        Self {
            room: Arc::new(Semaphore::new(limit)),
            runtime: runtime.expect("a runtime needs nothing but file descriptors"),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let permit = Arc::clone(&self.room).try_acquire_owned();
        let permit = permit.map_err(|_| Refused::Full)?;
        self.runtime.spawn(async move {
            drop(job.await);
            drop(permit);
        });
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
