//! Locks the list of pages before the call instead of after it.

use tokio::sync::Mutex;

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let pages = &Mutex::new(Vec::new());
    join_all(paths.iter().map(|path| async move {
        let mut pages = pages.lock().await;
        pages.push(upstream.fetch(path).await);
    }))
    .await;
    std::mem::take(&mut *pages.lock().await)
}
