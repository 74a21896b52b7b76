//! Fetches only whole groups. The rest of the paths is lost.

use futures::{StreamExt as _, stream};

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let groups = paths.len() / limit.get();
    stream::iter(&paths[..groups * limit.get()])
        .map(|path| upstream.fetch(path))
        .buffered(limit.get())
        .collect()
        .await
}
