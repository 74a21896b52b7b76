//! Wrong: the tasks have been aborted, and a sleep is to make sure of it.

use std::time::Duration;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{task::JoinSet, time::sleep};

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
    let mut tasks = JoinSet::new();
    for (index, path) in paths.iter().enumerate() {
        let (upstream, path) = (upstream.clone(), (*path).to_owned());
        tasks.spawn(async move { (index, upstream.get(&path).await) });
    }
    let mut slots = vec![None; paths.len()];
    while let Some(joined) = tasks.join_next().await {
        match joined.expect("no task panics") {
            (index, Ok(page)) => slots[index] = Some(page),
            (_, Err(error)) => {
                tasks.abort_all();
                sleep(Duration::from_millis(10)).await;
                return Err(error);
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
