//! A stream runs its futures on the task that awaits it. No job has a task of its own, and a panic ends
//! all of them.

use futures::{StreamExt as _, stream};

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    stream::iter(jobs)
        .buffer_unordered(limit.get())
        .count()
        .await
}
