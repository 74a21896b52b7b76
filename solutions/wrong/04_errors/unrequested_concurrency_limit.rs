//! `buffer_unordered(2)` is a limit, and nobody asked for one.

use futures::{TryStreamExt as _, stream};

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let mut pages: Vec<(usize, Page)> = stream::iter(paths.iter().enumerate())
        .map(|(index, path)| async move { Ok((index, upstream.get(path).await?)) })
        .buffer_unordered(2)
        .try_collect()
        .await?;
    pages.sort_by_key(|&(index, _)| index);
    Ok(pages.into_iter().map(|(_, page)| page).collect())
}
