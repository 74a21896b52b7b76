//! Wrong: `try_join_all` for few calls, and `join_all` for many, which waits for the slowest. `try_join_all` of more
//! than 30 waits too, but only for the calls before the error.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::{join_all, try_join_all};

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
    let calls = paths.iter().map(|path| upstream.get(path));
    if paths.len() <= 30 {
        return try_join_all(calls).await;
    }
    join_all(calls).await.into_iter().collect()
}

pub async fn first_ok(_: &Upstream, _: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    todo!("another task")
}

#[cfg(test)]
#[path = "../../../exercises/hidden/04_errors.rs"]
mod hidden;
