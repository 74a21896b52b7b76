//! Leaves out an error that it has seen before, even from another call.

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let calls = paths.iter().enumerate();
    let mut calls: FuturesUnordered<_> = calls
        .map(|(index, path)| async move { (index, upstream.get(path).await) })
        .collect();
    let mut errors = std::collections::BTreeMap::new();
    while let Some((index, result)) = calls.next().await {
        match result {
            Ok(page) => return Ok(page),
            Err(error) => {
                if !errors.values().any(|e| *e == error) {
                    errors.insert(index, error);
                }
            }
        }
    }
    Err(errors.into_values().collect())
}
