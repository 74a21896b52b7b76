//! The tasks of a `LocalSet` all run on the thread that polls it.

use tokio::task::LocalSet;

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let local = LocalSet::new();
    let tasks: Vec<_> = paths
        .into_iter()
        .map(|path| {
            let upstream = Arc::clone(&upstream);
            local.spawn_local(async move { upstream.fetch(&path).await })
        })
        .collect();
    local
        .run_until(async {
            let mut pages = Vec::new();
            for task in tasks {
                pages.push(task.await.expect("no task panicked"));
            }
            pages
        })
        .await
}
