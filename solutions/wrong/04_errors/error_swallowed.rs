//! `flatten` over results keeps the pages and skips every error.

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let results = join_all(paths.iter().map(|path| upstream.get(path))).await;
    results.into_iter().flatten().map(Ok).collect()
}
