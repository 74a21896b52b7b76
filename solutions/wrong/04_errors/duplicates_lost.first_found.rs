//! Puts the pages in order by looking up their path, and that finds the same page for two equal paths.

use futures::TryStreamExt as _;

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let calls: FuturesUnordered<_> = paths.iter().map(|path| upstream.get(path)).collect();
    let pages: Vec<Page> = calls.try_collect().await?;
    let in_order = paths
        .iter()
        .filter_map(|path| pages.iter().find(|page| page.path == *path));
    Ok(in_order.cloned().collect())
}
