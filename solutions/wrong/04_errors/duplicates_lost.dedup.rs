//! `dedup` turns equal errors that follow each other into one.

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let calls = paths.iter().enumerate();
    let mut calls: FuturesUnordered<_> = calls
        .map(|(index, path)| async move { (index, upstream.get(path).await) })
        .collect();
    let mut errors = Vec::with_capacity(paths.len());
    while let Some((index, result)) = calls.next().await {
        match result {
            Ok(page) => return Ok(page),
            Err(error) => errors.push((index, error)),
        }
    }
    errors.sort_unstable_by_key(|&(index, _)| index);
    let mut errors: Vec<_> = errors.into_iter().map(|(_, error)| error).collect();
    errors.dedup();
    Err(errors)
}
