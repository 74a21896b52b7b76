//! Wrong: awaits the handles in their order. A slow job holds up all places, though its own alone is taken.

use std::{collections::VecDeque, num::NonZeroUsize};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};

pub async fn fetch_many(_: &Upstream, _: &[&str], _: NonZeroUsize) -> Vec<Page> {
    todo!("another task")
}

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let mut tasks = VecDeque::new();
    let mut completed = 0;
    for job in jobs {
        if tasks.len() == limit.get()
            && let Some(oldest) = tasks.pop_front()
        {
            let ended: Result<(), tokio::task::JoinError> = oldest.await;
            completed += usize::from(ended.is_ok());
        }
        tasks.push_back(tokio::spawn(job));
    }
    for task in tasks {
        completed += usize::from(task.await.is_ok());
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
