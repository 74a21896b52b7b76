//! Only whole groups are fetched. What is left over when the number of paths is divided by the limit is lost.

use futures::{StreamExt as _, stream};

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let groups = paths.len() / limit.get();
    stream::iter(&paths[..groups * limit.get()])
        .map(|path| upstream.fetch(path))
        .buffered(limit.get())
        .collect()
        .await
}
