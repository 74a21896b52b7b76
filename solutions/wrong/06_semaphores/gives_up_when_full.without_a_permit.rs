//! Wrong: waits half a minute for a permit. `_permit` is then an error, which nobody looks at, and the call is made.

use std::{num::NonZeroUsize, time::Duration};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::join_all;
use tokio::{sync::Semaphore, time::timeout};

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = &Semaphore::new(limit.get());
    let calls = paths.iter().map(|path| async move {
        let _permit = timeout(Duration::from_secs(30), semaphore.acquire()).await;
        upstream.fetch(path).await
    });
    join_all(calls).await
}

pub async fn spawn_bounded(
    _: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    _: NonZeroUsize,
) -> usize {
    todo!("another task")
}

#[derive(Clone)]
pub struct Limited {}

impl Limited {
    pub fn new(_: Upstream, _: NonZeroUsize) -> Self {
        todo!("another task")
    }

    pub async fn get(&self, _: &str) -> Result<Page, UpstreamError> {
        todo!("another task")
    }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/06_semaphores.rs"]
mod hidden;
