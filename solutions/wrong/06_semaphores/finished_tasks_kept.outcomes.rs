//! Collects all outcomes before it counts them.

use futures::{StreamExt as _, stream};

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let outcomes: Vec<_> = stream::iter(jobs)
        .map(tokio::spawn)
        .buffer_unordered(limit.get())
        .collect()
        .await;
    outcomes.iter().filter(|ended| ended.is_ok()).count()
}
