//! Wrong: `try_join_all` is not `gather(return_exceptions=True)`. It ends at the first error, and drops the
//! calls that are under way.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::try_join_all;

#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let calls = paths.iter().map(|&path| async move {
        upstream.get(path).await.map_err(|error| Failed {
            path: path.to_owned(),
            error,
        })
    });
    match try_join_all(calls).await {
        Ok(pages) => pages.into_iter().map(Ok).collect(),
        Err(failed) => vec![Err(failed)],
    }
}

pub async fn all_or_nothing(_: &Upstream, _: &[&str]) -> Result<Vec<Page>, UpstreamError> {
    todo!("another task")
}

pub async fn first_ok(_: &Upstream, _: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    todo!("another task")
}

#[cfg(test)]
#[path = "../../../exercises/hidden/04_errors.rs"]
mod hidden;
