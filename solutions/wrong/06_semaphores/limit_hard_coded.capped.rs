//! Has a limit of its own beside the one it's given, and the smaller one decides.

use futures::{StreamExt as _, stream};

const AT_MOST: usize = 100;

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    stream::iter(paths)
        .map(|path| upstream.fetch(path))
        .buffered(limit.get().min(AT_MOST))
        .collect()
        .await
}

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    stream::iter(jobs)
        .map(tokio::spawn)
        .buffer_unordered(limit.get().min(AT_MOST))
        .filter(|ended| std::future::ready(ended.is_ok()))
        .count()
        .await
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            permits: Arc::new(Semaphore::new(limit.get().min(AT_MOST))),
        }
    }
}
