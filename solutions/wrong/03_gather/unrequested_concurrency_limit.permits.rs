//! A semaphore with 1024 permits is a limit too, and nobody asked for it.

use tokio::sync::Semaphore;

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let room = Arc::new(Semaphore::new(1024));
    let mut tasks = Vec::new();
    for path in paths {
        let (upstream, room) = (Arc::clone(&upstream), Arc::clone(&room));
        tasks.push(tokio::spawn(async move {
            let _permit = room.acquire().await.expect("it is never closed");
            upstream.fetch(&path).await
        }));
    }
    let mut pages = Vec::new();
    for task in tasks {
        pages.push(task.await.expect("no task panicked"));
    }
    pages
}
