//! Wrong: all calls are made, and the loop over their tasks ends at the first error.

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
            tokio::spawn(async move { upstream.get(&path).await })
        })
        .collect();
    let mut results = Vec::new();
    for (&path, task) in std::iter::zip(paths, tasks) {
        match task.await.expect("no task panics") {
            Ok(page) => results.push(Ok(page)),
            Err(error) => {
                let path = path.to_owned();
                results.push(Err(Failed { path, error }));
                break;
            }
        }
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
