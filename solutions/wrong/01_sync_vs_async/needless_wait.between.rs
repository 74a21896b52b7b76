//! Pauses after each call, even after the last.

use std::time::Duration;

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut bodies = Vec::new();
    for path in paths {
        bodies.push(upstream.fetch(path).await.body);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    bodies
}
