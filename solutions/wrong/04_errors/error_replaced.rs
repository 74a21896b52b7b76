//! Wrong: every failure is turned into the same one, and nobody learns what the service said.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::{StreamExt as _, stream::FuturesUnordered};

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
    let mut calls: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| async move { (index, upstream.get(path).await) })
        .collect();
    let mut slots = vec![None; paths.len()];
    while let Some((index, result)) = calls.next().await {
        match result {
            Ok(page) => slots[index] = Some(page),
            Err(error) => {
                return Err(UpstreamError::Transport {
                    path: paths[index].to_owned(),
                    reason: error.to_string(),
                });
            }
        }
    }
    Ok(slots.into_iter().flatten().collect())
}

pub async fn first_ok(_: &Upstream, _: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    todo!("another task")
}

#[cfg(test)]
#[path = "../../../exercises/hidden/04_errors.rs"]
mod hidden;
