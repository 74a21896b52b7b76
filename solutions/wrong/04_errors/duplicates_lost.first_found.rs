//! Wrong: the pages are put in order by their path, which finds the same page for each of two equal paths.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::{TryStreamExt as _, stream::FuturesUnordered};

#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

pub async fn fetch_safe(_: &Upstream, _: &[&str]) -> Vec<Result<Page, Failed>> {
    todo!("another task")
}

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

pub async fn first_ok(_: &Upstream, _: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    todo!("another task")
}

#[cfg(test)]
#[path = "../../../exercises/hidden/04_errors.rs"]
mod hidden;
