//! Pauses between two calls in a loop that checks the clock.

use std::time::{Duration, Instant};

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut bodies = Vec::new();
    for path in paths {
        bodies.push(upstream.fetch(path).await.body);
        let page_came = Instant::now();
        while page_came.elapsed() < Duration::from_millis(20) {}
    }
    bodies
}
