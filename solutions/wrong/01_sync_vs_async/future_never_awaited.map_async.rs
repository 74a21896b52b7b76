//! An async block inside `map` makes a future for each path. Counting futures doesn't await them.

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let calls = paths
        .iter()
        .map(|path| async { upstream.fetch(path).await.body });
    vec![String::new(); calls.count()]
}
