//! A `JoinSet` returns the results in the order in which the tasks end, and the paths beside them are in another.

use tokio::task::JoinSet;

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let mut tasks = JoinSet::new();
    for path in paths {
        let (upstream, path) = (upstream.clone(), (*path).to_owned());
        tasks.spawn(async move { upstream.get(&path).await });
    }
    let results = tasks.join_all().await;
    std::iter::zip(paths, results)
        .map(|(path, result)| {
            result.map_err(|error| Failed {
                path: (*path).to_owned(),
                error,
            })
        })
        .collect()
}
