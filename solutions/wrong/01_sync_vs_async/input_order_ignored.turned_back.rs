//! Takes the paths from the end, and reverses the bodies. They're in the right order, but the last path was asked for
//! first.

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut bodies = Vec::new();
    for path in paths.iter().rev() {
        bodies.push(upstream.fetch(path).await.body);
    }
    bodies.reverse();
    bodies
}
