//! `return` in the loop ends the function with the first page.

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut bodies = Vec::new();
    for path in paths {
        bodies.push(upstream.fetch(path).await.body);
        if !bodies.is_empty() {
            return bodies;
        }
    }
    bodies
}
