//! `spawn_blocking` keeps a thread for each job, which only waits there.

use tokio::{runtime::Handle, sync::Semaphore, task};

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
        let handle = Handle::current();
        task::spawn_blocking(move || {
            drop(handle.block_on(job));
            drop(permit);
        });
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
