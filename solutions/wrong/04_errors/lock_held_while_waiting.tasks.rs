//! Each task waits for a lock that another task holds during its call.

use std::sync::Arc;
use tokio::{sync::Mutex, task::JoinSet};

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let lock = Arc::new(Mutex::new(upstream.clone()));
    let mut tasks = JoinSet::new();
    for (i, path) in paths.iter().enumerate() {
        let (lock, path) = (lock.clone(), (*path).to_owned());
        tasks.spawn(async move { (i, lock.lock().await.get(&path).await) });
    }
    let mut pages = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        let (i, r) = joined.unwrap();
        pages.push((i, r?));
    }
    pages.sort_by_key(|p| p.0);
    Ok(pages.into_iter().map(|p| p.1).collect())
}
