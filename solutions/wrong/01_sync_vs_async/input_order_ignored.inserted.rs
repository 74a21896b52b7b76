//! Asks in the right order, and inserts each body at the front.

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut bodies = Vec::new();
    for path in paths {
        bodies.insert(0, upstream.fetch(path).await.body);
    }
    bodies
}
