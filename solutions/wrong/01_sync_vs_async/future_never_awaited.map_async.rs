//! An async block inside `map` is a future for each path. To count them is not to await them.

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let calls = paths
        .iter()
        .map(|path| async { upstream.fetch(path).await.body });
    vec![String::new(); calls.count()]
}
