//! Also right: tasks that end when the function is dropped, each because of another kind of guard.

use async_workbook::services::upstream::Upstream;
use tokio::{
    select,
    task::{AbortHandle, JoinSet, LocalSet, spawn_local},
};
use tokio_util::sync::CancellationToken;

struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    let task = tokio::spawn(async move { upstream.fetch(&path).await.body });
    let _guard = AbortOnDrop(task.abort_handle());
    task.await.expect("the call does not panic")
}

/// A `LocalSet` polls its tasks while it is polled, and drops them when it is dropped.
pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut bodies = Vec::with_capacity(paths.len());
    for &path in paths {
        let (upstream, path) = (upstream.clone(), path.to_owned());
        let call =
            async move { spawn_local(async move { upstream.fetch(&path).await.body }).await };
        let body = LocalSet::new().run_until(call).await;
        bodies.push(body.expect("no call panics"));
    }
    bodies
}

/// The task itself looks whether anybody still wants the page.
pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    async {
        let unwanted = CancellationToken::new();
        let _guard = unwanted.clone().drop_guard();
        let mut task = JoinSet::new();
        task.spawn(async move {
            select! {
                page = upstream.fetch(&path) => page.body,
                () = unwanted.cancelled() => String::new(),
            }
        });
        let body = task.join_next().await.expect("there is a task");
        body.expect("the call does not panic")
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_sync_vs_async::grade!();
