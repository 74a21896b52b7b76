//! Wrong: a task is spawned only when its future is polled, and the loop that waits for permits polls none.

use std::{num::NonZeroUsize, sync::Arc};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::stream::{FuturesUnordered, StreamExt as _};
use tokio::sync::Semaphore;

pub async fn fetch_many(_: &Upstream, _: &[&str], _: NonZeroUsize) -> Vec<Page> {
    todo!("another task")
}

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let running = FuturesUnordered::new();
    for job in jobs {
        let permit = Arc::clone(&semaphore).acquire_owned().await;
        running.push(async move {
            let _permit = permit;
            tokio::spawn(job).await
        });
    }
    running
        .filter(|ended| std::future::ready(ended.is_ok()))
        .count()
        .await
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
