//! Wrong: a `JoinSet` gives the results in the order in which the tasks end, and the paths are put beside them
//! in another.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::task::JoinSet;

#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let mut tasks = JoinSet::new();
    for path in paths {
        let (upstream, path) = (upstream.clone(), (*path).to_owned());
        tasks.spawn(async move { upstream.get(&path).await });
    }
    let results = tasks.join_all().await;
    std::iter::zip(paths, results)
        .map(|(path, result)| {
            result.map_err(|error| Failed {
                path: (*path).to_owned(),
                error,
            })
        })
        .collect()
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
