//! Wrong: waits for its turn for five seconds, and then refuses.

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{sync::Semaphore, time::timeout};

pub async fn fetch_many(_: &Upstream, _: &[&str], _: NonZeroUsize) -> Vec<Page> {
    todo!("another task")
}

pub async fn spawn_bounded(
    _: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    _: NonZeroUsize,
) -> usize {
    todo!("another task")
}

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
    permits: Arc<Semaphore>,
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            permits: Arc::new(Semaphore::new(limit.get())),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let permit = timeout(Duration::from_secs(5), self.permits.acquire()).await;
        let _permit = permit.map_err(|elapsed| UpstreamError::Transport {
            path: path.to_owned(),
            reason: elapsed.to_string(),
        })?;
        self.upstream.get(path).await
    }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/06_semaphores.rs"]
mod hidden;
