//! Asks every 7 ms whether the task is done. Awaiting its handle would tell at once.

use std::time::Duration;

use tokio::time::sleep;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    let task = tokio::spawn(async move { upstream.fetch(&path).await.body });
    while !task.is_finished() {
        sleep(Duration::from_millis(7)).await;
    }
    task.await.expect("the call does not panic")
}

pub async fn in_order(_: &Upstream, _: &[&str]) -> Vec<String> {
    todo!("another task")
}
