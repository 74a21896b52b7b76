//! Wrong: a mutex over the client lets one call through at a time.

use std::{num::NonZeroUsize, sync::Arc};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::sync::Mutex;

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
    upstream: Arc<Mutex<Upstream>>,
}

impl Limited {
    pub fn new(upstream: Upstream, _limit: NonZeroUsize) -> Self {
        Self {
            upstream: Arc::new(Mutex::new(upstream)),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let upstream = self.upstream.lock().await;
        upstream.get(path).await
    }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/06_semaphores.rs"]
mod hidden;
