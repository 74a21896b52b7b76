//! Has room for ten pages, however many were asked for.

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let mut pages = join_all(paths.iter().map(|path| upstream.fetch(path))).await;
    pages.truncate(10);
    pages
}
