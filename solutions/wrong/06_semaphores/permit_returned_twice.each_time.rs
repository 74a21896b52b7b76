//! Wrong: each call gives back its permit, and a new one beside it. The limit grows with every call.

use std::num::NonZeroUsize;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::join_all;
use tokio::sync::Semaphore;

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = &Semaphore::new(limit.get());
    let calls = paths.iter().map(|path| async move {
        let _permit = semaphore.acquire().await.expect("it is never closed");
        let page = upstream.fetch(path).await;
        semaphore.add_permits(1);
        page
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
