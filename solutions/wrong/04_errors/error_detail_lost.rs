//! Turns every failure into the same one, so nobody learns what the service said.

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let mut calls: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| async move { (index, upstream.get(path).await) })
        .collect();
    let mut slots = vec![None; paths.len()];
    while let Some((index, result)) = calls.next().await {
        match result {
            Ok(page) => slots[index] = Some(page),
            Err(error) => {
                return Err(UpstreamError::Transport {
                    path: paths[index].to_owned(),
                    reason: error.to_string(),
                });
            }
        }
    }
    Ok(slots.into_iter().flatten().collect())
}
