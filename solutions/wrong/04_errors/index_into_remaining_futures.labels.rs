//! Labels each error with the path that the index of `select_all` names.

use futures::future::select_all;

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let mut calls: Vec<_> = paths
        .iter()
        .map(|path| Box::pin(upstream.get(path)))
        .collect();
    let mut results = Vec::new();
    while !calls.is_empty() {
        let (result, index, rest) = select_all(calls).await;
        results.push((
            index,
            result.map_err(|error| Failed {
                path: paths[index].to_owned(),
                error,
            }),
        ));
        calls = rest;
    }
    results.sort_by_key(|&(index, _)| index);
    results.into_iter().map(|(_, result)| result).collect()
}
