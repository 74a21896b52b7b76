//! `JoinSet::spawn_local` spawns on the `LocalSet`, not on the runtime.

use tokio::task::LocalSet;

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    LocalSet::new()
        .run_until(async move {
            let mut tasks = JoinSet::new();
            for (index, path) in paths.into_iter().enumerate() {
                let upstream = Arc::clone(&upstream);
                tasks.spawn_local(async move { (index, upstream.fetch(&path).await) });
            }
            let mut pages = tasks.join_all().await;
            pages.sort_unstable_by_key(|&(index, _)| index);
            pages.into_iter().map(|(_, page)| page).collect()
        })
        .await
}
