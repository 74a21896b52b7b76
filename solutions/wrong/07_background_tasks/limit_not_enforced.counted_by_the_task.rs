//! The task increments the counter when it begins. Whatever is submitted before that is accepted.

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
        if self.running.load(Ordering::SeqCst) >= self.limit {
            return Err(Refused::Full);
        }
        let running = Arc::clone(&self.running);
        tokio::spawn(async move {
            running.fetch_add(1, Ordering::SeqCst);
            drop(tokio::spawn(job).await);
            running.fetch_sub(1, Ordering::SeqCst);
        });
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
