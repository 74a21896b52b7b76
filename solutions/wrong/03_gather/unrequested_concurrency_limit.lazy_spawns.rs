//! `buffered` asks for a hundred tasks, so the lazy iterator spawns no more than that.

use futures::{StreamExt as _, stream};

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let tasks = paths.into_iter().map(|path| {
        let upstream = Arc::clone(&upstream);
        tokio::spawn(async move { upstream.fetch(&path).await })
    });
    stream::iter(tasks)
        .buffered(100)
        .map(|joined| joined.expect("no task panics"))
        .collect()
        .await
}
