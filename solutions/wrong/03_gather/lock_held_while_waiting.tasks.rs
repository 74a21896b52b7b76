//! Each task waits for a lock that another task holds during its call.

use tokio::sync::Mutex;

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let lock = Arc::new(Mutex::new(upstream));
    let mut tasks = Vec::new();
    for path in paths {
        let lock = Arc::clone(&lock);
        tasks.push(tokio::spawn(
            async move { lock.lock().await.fetch(&path).await },
        ));
    }
    let mut pages = Vec::new();
    for task in tasks {
        pages.push(task.await.unwrap());
    }
    pages
}
