//! Wrong: `buffer_unordered` yields each page when its call ends, whatever its path's place.

use std::num::NonZeroUsize;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::{StreamExt as _, stream};

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    stream::iter(paths)
        .map(|path| upstream.fetch(path))
        .buffer_unordered(limit.get())
        .collect()
        .await
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
