//! Wrong: a `static` is one for the whole program, and the first client sets the limit of all.

use std::{num::NonZeroUsize, sync::OnceLock};

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

static PERMITS: OnceLock<Semaphore> = OnceLock::new();

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
    permits: &'static Semaphore,
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            permits: PERMITS.get_or_init(|| Semaphore::new(limit.get())),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let _permit = self.permits.acquire().await.expect("it is never closed");
        self.upstream.get(path).await
    }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/06_semaphores.rs"]
mod hidden;
