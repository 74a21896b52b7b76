//! Puts each result into the slot that the index of `select_all` names, over the one that was there.

use futures::future::select_all;

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let mut calls: Vec<_> = paths
        .iter()
        .map(|path| Box::pin(upstream.get(path)))
        .collect();
    let mut results: Vec<Option<Result<Page, Failed>>> = paths.iter().map(|_| None).collect();
    while !calls.is_empty() {
        let (result, index, rest) = select_all(calls).await;
        results[index] = Some(result.map_err(|error| Failed {
            path: paths[index].to_owned(),
            error,
        }));
        calls = rest;
    }
    results.into_iter().flatten().collect()
}
