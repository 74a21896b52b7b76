//! `dedup` turns equal results that follow each other into one.

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let mut results = join_all(paths.iter().map(|&path| async move {
        upstream.get(path).await.map_err(|error| Failed {
            path: path.to_owned(),
            error,
        })
    }))
    .await;
    results.dedup();
    results
}
