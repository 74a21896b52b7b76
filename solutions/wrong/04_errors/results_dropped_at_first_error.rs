//! `try_join_all` isn't `gather(return_exceptions=True)`. It ends at the first error, and drops the calls in flight.

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let calls = paths.iter().map(|&path| async move {
        upstream.get(path).await.map_err(|error| Failed {
            path: path.to_owned(),
            error,
        })
    });
    match try_join_all(calls).await {
        Ok(pages) => pages.into_iter().map(Ok).collect(),
        Err(failed) => vec![Err(failed)],
    }
}
