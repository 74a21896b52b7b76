//! Takes the paths from the end, since that's where `pop` takes them.

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut paths = paths.to_vec();
    let mut bodies = Vec::new();
    while let Some(path) = paths.pop() {
        bodies.push(upstream.fetch(path).await.body);
    }
    bodies
}
