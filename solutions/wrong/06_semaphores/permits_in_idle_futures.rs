//! Wrong: the loop takes the permits, and nothing polls the calls before it has ended. It never does.

use std::{num::NonZeroUsize, sync::Arc};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::join_all;
use tokio::sync::Semaphore;

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let mut calls = Vec::new();
    for path in paths {
        let permit = Arc::clone(&semaphore).acquire_owned().await;
        calls.push(async move {
            let _permit = permit;
            upstream.fetch(path).await
        });
    }
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
