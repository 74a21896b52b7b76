//! Makes all futures, lets "the calls" run for a while, and then collects their pages.

use std::time::Duration;

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let calls: Vec<_> = paths.iter().map(|path| upstream.fetch(path)).collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut bodies = Vec::new();
    for call in calls {
        bodies.push(call.await.body);
    }
    bodies
}
