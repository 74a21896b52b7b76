//! Wrong: `fetch` panics where `get` returns an error, and there is no error left to return.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::join_all;

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
    Ok(join_all(paths.iter().map(|path| upstream.fetch(path))).await)
}

pub async fn first_ok(_: &Upstream, _: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    todo!("another task")
}

#[cfg(test)]
#[path = "../../../exercises/hidden/04_errors.rs"]
mod hidden;
