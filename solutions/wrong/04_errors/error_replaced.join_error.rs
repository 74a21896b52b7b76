//! Wrong: `fetch` panics in its task, and the error that is made of the `JoinError` says no more of what the
//! service answered.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};

#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let tasks: Vec<_> = paths
        .iter()
        .map(|path| {
            let (upstream, path) = (upstream.clone(), (*path).to_owned());
            tokio::spawn(async move { upstream.fetch(&path).await })
        })
        .collect();
    let mut results = Vec::new();
    for (&path, task) in std::iter::zip(paths, tasks) {
        results.push(task.await.map_err(|error| Failed {
            path: path.to_owned(),
            error: UpstreamError::Transport {
                path: path.to_owned(),
                reason: error.to_string(),
            },
        }));
    }
    results
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
