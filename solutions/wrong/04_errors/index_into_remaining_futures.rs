//! Takes the index of `select_all` for the index of the path.

use futures::future::select_all;

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let mut calls: Vec<_> = paths
        .iter()
        .map(|path| Box::pin(upstream.get(path)))
        .collect();
    let mut errors = Vec::new();
    while !calls.is_empty() {
        let (result, index, rest) = select_all(calls).await;
        match result {
            Ok(page) => return Ok(page),
            Err(error) => errors.push((index, error)),
        }
        calls = rest;
    }
    errors.sort_by_key(|&(index, _)| index);
    Err(errors.into_iter().map(|(_, error)| error).collect())
}
