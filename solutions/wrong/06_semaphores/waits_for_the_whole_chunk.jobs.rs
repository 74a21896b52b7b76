//! Wrong: spawns a group, waits for all of it, and only then spawns the next.

use std::num::NonZeroUsize;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::task::JoinSet;

pub async fn fetch_many(_: &Upstream, _: &[&str], _: NonZeroUsize) -> Vec<Page> {
    todo!("another task")
}

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let mut jobs = jobs.into_iter().peekable();
    let mut completed = 0;
    while jobs.peek().is_some() {
        let mut group: JoinSet<()> = jobs.by_ref().take(limit.get()).collect();
        while let Some(ended) = group.join_next().await {
            completed += usize::from(ended.is_ok());
        }
    }
    completed
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
