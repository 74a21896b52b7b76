//! Wrong: `select_all` ends with the first call that does, whether it succeeded or failed.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::select_all;

#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

pub async fn fetch_safe(_: &Upstream, _: &[&str]) -> Vec<Result<Page, Failed>> {
    todo!("another task")
}

pub async fn all_or_nothing(_: &Upstream, _: &[&str]) -> Result<Vec<Page>, UpstreamError> {
    todo!("another task")
}

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    if paths.is_empty() {
        return Err(Vec::new());
    }
    let calls = paths.iter().map(|path| Box::pin(upstream.get(path)));
    let (result, _, _others) = select_all(calls).await;
    result.map_err(|error| vec![error])
}

#[cfg(test)]
#[path = "../../../exercises/hidden/04_errors.rs"]
mod hidden;
