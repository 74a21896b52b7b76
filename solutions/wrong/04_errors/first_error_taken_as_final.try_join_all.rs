//! The `try_` functions stop at an error. Here the code has to go on after one.

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let calls = paths.iter().map(|path| upstream.get(path));
    match try_join_all(calls).await {
        Ok(pages) => pages.into_iter().next().ok_or_else(Vec::new),
        Err(error) => Err(vec![error]),
    }
}
