//! Puts each page into the slot that the index of `select_all` names.

use futures::future::select_all;

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let mut calls: Vec<_> = paths
        .iter()
        .map(|path| Box::pin(upstream.get(path)))
        .collect();
    let mut slots = vec![None; paths.len()];
    while !calls.is_empty() {
        let (result, index, rest) = select_all(calls).await;
        slots[index] = Some(result?);
        calls = rest;
    }
    Ok(slots.into_iter().flatten().collect())
}
