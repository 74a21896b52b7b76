//! Starts a thread with a runtime of its own for each job. The service's runtime doesn't know about it, and two
//! megabytes of stack wait for a mail server.

use std::thread;

use tokio::{runtime, sync::Semaphore};

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
        thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime needs nothing but file descriptors");
            drop(runtime.block_on(job));
            drop(permit);
        });
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
