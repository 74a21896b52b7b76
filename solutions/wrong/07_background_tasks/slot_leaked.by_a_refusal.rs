//! Takes the slot first and checks the limit second. A refused job keeps its slot for ever.

use std::sync::atomic::{AtomicUsize, Ordering};

pub struct Background {
    limit: usize,
    running: Arc<AtomicUsize>,
}

/// Gives the place back, however the job ends.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
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
        if self.running.fetch_add(1, Ordering::Relaxed) >= self.limit {
            return Err(Refused::Full);
        }
        let place = Place(Arc::clone(&self.running));
        tokio::spawn(async move {
            let _place = place;
            job.await
        });
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
