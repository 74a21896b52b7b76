//! All instances share one set, but each has its own limit. The jobs of one `Background` take the room of all.

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
