//! A map from path to result has one place for two equal paths.

use std::collections::HashMap;

use tokio::task::JoinSet;

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let mut tasks = JoinSet::new();
    for path in paths {
        let (upstream, path) = (upstream.clone(), (*path).to_owned());
        tasks.spawn(async move { (path.clone(), upstream.get(&path).await) });
    }
    let mut results: HashMap<_, _> = tasks.join_all().await.into_iter().collect();
    let in_order = paths.iter().filter_map(|path| results.remove_entry(*path));
    in_order
        .map(|(path, result)| result.map_err(|error| Failed { path, error }))
        .collect()
}
