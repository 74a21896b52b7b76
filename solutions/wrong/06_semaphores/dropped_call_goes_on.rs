//! Wrong: makes the call in a task, which goes on when nobody waits for its answer any more.

use std::{num::NonZeroUsize, sync::Arc};

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
        let (upstream, path) = (self.upstream.clone(), path.to_owned());
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let call = tokio::spawn(async move {
            let _permit = permit;
            upstream.get(&path).await
        });
        call.await.expect("`get` does not panic")
    }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/06_semaphores.rs"]
mod hidden;
