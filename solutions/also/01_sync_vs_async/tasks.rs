//! Also right: a task whose handle is awaited at once, and aborts the task when it's dropped; one permit for all calls;
//! a set of tasks that does the same, and is filled when the future is polled.

use async_workbook::services::upstream::Upstream;
use futures::future;
use tokio::{sync::Semaphore, task::JoinSet};
use tokio_util::task::AbortOnDropHandle;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    let task = tokio::spawn(async move { upstream.fetch(&path).await });
    AbortOnDropHandle::new(task)
        .await
        .expect("the call does not panic")
        .body
}

/// All futures are polled, and each waits for the permit, which is handed on in the order of the requests.
pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let one_at_a_time = Semaphore::new(1);
    let calls = paths.iter().map(|path| async {
        let _permit = one_at_a_time.acquire().await.expect("nobody closes it");
        upstream.fetch(path).await.body
    });
    future::join_all(calls).await
}

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    async {
        let mut task = JoinSet::new();
        task.spawn(async move { upstream.fetch(&path).await.body });
        let body = task.join_next().await.expect("there is a task");
        body.expect("the call does not panic")
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_sync_vs_async::grade!();
