//! Wrong: all futures are made at the top, but a future waits to be polled, and the loop polls one at a time.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};

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
    let calls: Vec<_> = paths.iter().map(|path| upstream.get(path)).collect();
    let mut pages = Vec::new();
    for call in calls {
        pages.push(call.await?);
    }
    Ok(pages)
}

pub async fn first_ok(_: &Upstream, _: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    todo!("another task")
}

#[cfg(test)]
#[path = "../../../exercises/hidden/04_errors.rs"]
mod hidden;
