//! Each task has a permit, but all of them share one client behind a lock.

use tokio::sync::Mutex;

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let client = Arc::new(Mutex::new(upstream.clone()));
    let calls = paths.iter().map(|path| {
        let (semaphore, client) = (Arc::clone(&semaphore), Arc::clone(&client));
        let path = path.to_string();
        tokio::spawn(async move {
            let _permit = semaphore.acquire().await.expect("it is never closed");
            client.lock().await.fetch(&path).await
        })
    });
    let calls: Vec<_> = calls.collect();
    let pages = join_all(calls).await.into_iter();
    pages
        .map(|page| page.expect("`fetch` does not panic"))
        .collect()
}
