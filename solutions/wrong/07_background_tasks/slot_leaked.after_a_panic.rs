//! If the job panics, the line after its await is skipped. Each panic costs a slot for ever.

use std::sync::atomic::{AtomicUsize, Ordering};

pub struct Background {
    limit: usize,
    running: Arc<AtomicUsize>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            running: Arc::default(),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let before = self.running.fetch_add(1, Ordering::SeqCst);
        if before >= self.limit {
            self.running.fetch_sub(1, Ordering::SeqCst);
            return Err(Refused::Full);
        }
        let running = Arc::clone(&self.running);
        tokio::spawn(async move {
            let ended = job.await;
            running.fetch_sub(1, Ordering::SeqCst);
            ended
        });
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
