//! Each call waits a little longer than the one before, to spare the service.

use std::time::Duration;
use tokio::time::sleep;

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    join_all(paths.iter().enumerate().map(|(index, path)| async move {
        sleep(Duration::from_millis(10 * index as u64)).await;
        upstream.fetch(path).await
    }))
    .await
}
