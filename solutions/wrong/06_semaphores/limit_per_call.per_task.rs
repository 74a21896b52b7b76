//! A limit for each task that calls. A service has a task for each request, so each request gets a limit of its own.

use std::{collections::HashMap, sync::Mutex};

use tokio::task;

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
    limit: NonZeroUsize,
    by_task: Arc<Mutex<HashMap<Option<task::Id>, Arc<Semaphore>>>>,
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            limit,
            by_task: Arc::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let permits = {
            let mut by_task = self.by_task.lock().expect("nobody panics under this lock");
            let permits = by_task.entry(task::try_id());
            let make = || Arc::new(Semaphore::new(self.limit.get()));
            Arc::clone(permits.or_insert_with(make))
        };
        let _permit = permits.acquire().await.expect("it is never closed");
        self.upstream.get(path).await
    }
}
