//! Wrong: remembers pages. That is a cache, which nobody asked for, and what it returns grows old.

use std::{
    collections::HashMap,
    num::NonZeroUsize,
    sync::{Arc, Mutex},
};

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
    pages: Arc<Mutex<HashMap<String, Page>>>,
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            permits: Arc::new(Semaphore::new(limit.get())),
            pages: Arc::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let known = self
            .pages
            .lock()
            .expect("nobody panics under this lock")
            .get(path)
            .cloned();
        if let Some(page) = known {
            return Ok(page);
        }
        let _permit = self.permits.acquire().await.expect("it is never closed");
        let page = self.upstream.get(path).await?;
        let mut pages = self.pages.lock().expect("nobody panics under this lock");
        pages.insert(path.to_owned(), page.clone());
        Ok(page)
    }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/06_semaphores.rs"]
mod hidden;
