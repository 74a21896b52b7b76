//! A task is spawned only when its future is polled, and the loop that waits for permits doesn't poll any.

use futures::stream::{FuturesUnordered, StreamExt as _};

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let running = FuturesUnordered::new();
    for job in jobs {
        let permit = Arc::clone(&semaphore).acquire_owned().await;
        running.push(async move {
            let _permit = permit;
            tokio::spawn(job).await
        });
    }
    running
        .filter(|ended| std::future::ready(ended.is_ok()))
        .count()
        .await
}
