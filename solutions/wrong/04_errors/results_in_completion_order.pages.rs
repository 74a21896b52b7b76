//! `FuturesUnordered` returns in time, but yields the pages in the order in which they came.

use futures::TryStreamExt as _;

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let calls: FuturesUnordered<_> = paths.iter().map(|path| upstream.get(path)).collect();
    calls.try_collect().await
}
