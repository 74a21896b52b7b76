//! Tries again before it panics. Whether to try again is for the caller to say.

use futures::{StreamExt as _, stream};

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    stream::iter(paths)
        .map(|path| async move {
            match upstream.get(path).await {
                Ok(page) => page,
                Err(_) => upstream.fetch(path).await,
            }
        })
        .buffered(limit.get())
        .collect()
        .await
}
