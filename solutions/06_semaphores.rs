//! Chapter 06, semaphores: the reference solution.

use std::{num::NonZeroUsize, sync::Arc};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::join_all;
use tokio::{sync::Semaphore, task::JoinSet};

/// All futures are made and polled at once, but each begins its call only with a permit, and gives the
/// permit back when it goes out of scope: after the call, however that ends. Permits are given out in the
/// order in which they were asked for, and `join_all` keeps the order of the outputs.
pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = &Semaphore::new(limit.get());
    let calls = paths.iter().map(|path| async move {
        // A name, even with an underscore, keeps the permit to the end of the block; `_` would not.
        let _permit = semaphore.acquire().await.expect("it is never closed");
        upstream.fetch(path).await
    });
    join_all(calls).await
}

/// The permit is taken before the task is spawned, so that nothing is spawned to wait, and `jobs` is
/// asked no sooner than the loop comes round. It is then moved into the task, which drops it when the job
/// has ended, a panic included.
pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let mut tasks = JoinSet::new();
    let mut completed = 0;
    for job in jobs {
        let permit = Arc::clone(&semaphore).acquire_owned();
        let permit = permit.await.expect("it is never closed");
        tasks.spawn(async move {
            let _permit = permit;
            job.await;
        });
        // A set keeps the outcome of every task that has ended until somebody asks for it: over a
        // million jobs, this too would grow.
        while let Some(ended) = tasks.try_join_next() {
            completed += usize::from(ended.is_ok());
        }
    }
    while let Some(ended) = tasks.join_next().await {
        completed += usize::from(ended.is_ok());
    }
    completed
}

/// Clones have to share the permits: hence the `Arc`.
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

    /// The permit is a guard: an error, a `?` or a dropped future gives it back as well as a page does.
    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let _permit = self.permits.acquire().await.expect("it is never closed");
        self.upstream.get(path).await
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_semaphores::grade!();
