//! Wrong: `select_ok` keeps one error, that of the call that fails last.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::select_ok;

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
    match select_ok(calls).await {
        Ok((page, _others)) => Ok(page),
        Err(last) => Err(vec![last]),
    }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/04_errors.rs"]
mod hidden;
