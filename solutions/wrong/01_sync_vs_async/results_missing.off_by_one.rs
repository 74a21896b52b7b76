//! Starts counting at one.

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut bodies = Vec::new();
    for index in 1..paths.len() {
        bodies.push(upstream.fetch(paths[index]).await.body);
    }
    bodies
}
