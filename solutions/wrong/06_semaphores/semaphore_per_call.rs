//! Wrong: a semaphore that is made for each call has a permit for each call.

use std::num::NonZeroUsize;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::sync::Semaphore;

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
    limit: NonZeroUsize,
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self { upstream, limit }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let semaphore = Semaphore::new(self.limit.get());
        let _permit = semaphore.acquire().await.expect("it is never closed");
        self.upstream.get(path).await
    }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/06_semaphores.rs"]
mod hidden;
