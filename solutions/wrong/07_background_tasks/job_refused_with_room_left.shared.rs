//! The set is the program's, and the limit is each one's. What one `Background` runs takes the room of all.

use std::sync::LazyLock;

static JOBS: LazyLock<Mutex<JoinSet<Result<(), BoxError>>>> = LazyLock::new(Mutex::default);

pub struct Background {
    limit: usize,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self { limit }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let mut jobs = JOBS.lock().expect("no panic under the lock");
        while jobs.try_join_next().is_some() {}
        if jobs.len() >= self.limit {
            return Err(Refused::Full);
        }
        jobs.spawn(job);
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
