//! Wrong: every call goes on to its end, and then `collect` into a `Result` gives up all pages for the first
//! error.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::join_all;

#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let results = join_all(paths.iter().map(|path| upstream.get(path))).await;
    let failed = |(path, error)| Failed { path, error };
    let labelled = std::iter::zip(paths, results)
        .map(|(path, result)| result.map_err(|error| failed(((*path).to_owned(), error))));
    match labelled.collect::<Result<Vec<_>, _>>() {
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
