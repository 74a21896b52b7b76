//! `buffered(1000)` is a limit too: call 1001 waits for the first.

use futures::stream;

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    stream::iter(paths)
        .map(|path| async move {
            upstream.get(path).await.map_err(|error| Failed {
                path: path.to_string(),
                error,
            })
        })
        .buffered(1000)
        .collect()
        .await
}
