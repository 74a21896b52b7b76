//! Sleeps between one spawn and the next.

use std::time::Duration;
use tokio::time::sleep;

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let mut tasks = Vec::new();
    for path in paths {
        let upstream = Arc::clone(&upstream);
        tasks.push(tokio::spawn(async move { upstream.fetch(&path).await }));
        sleep(Duration::from_millis(250)).await;
    }
    let mut pages = Vec::new();
    for task in tasks {
        pages.push(task.await.unwrap());
    }
    pages
}
