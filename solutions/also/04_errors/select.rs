//! Also right: handles in the order of the paths; `join_all` racing a channel that reports the first error; `select_ok`
//! with a slot for each error.

use std::sync::{Mutex, PoisonError};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::{join_all, select_ok};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

/// All tasks run before the first is awaited, and nothing ends early, so that awaiting them in order loses no
/// time.
pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let tasks: Vec<_> = paths
        .iter()
        .map(|path| {
            let (upstream, path) = (upstream.clone(), (*path).to_owned());
            tokio::spawn(async move { upstream.get(&path).await })
        })
        .collect();
    let mut results = Vec::with_capacity(paths.len());
    for (path, task) in std::iter::zip(paths, tasks) {
        let result = task.await.expect("no call panics");
        results.push(result.map_err(|error| Failed {
            path: (*path).to_owned(),
            error,
        }));
    }
    results
}

/// Unlike a `JoinHandle`, an `AbortOnDropHandle` takes its task along when it is dropped.
pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let (failed, mut failures) = mpsc::unbounded_channel();
    let tasks = paths.iter().map(|path| {
        let (upstream, path, failed) = (upstream.clone(), (*path).to_owned(), failed.clone());
        AbortOnDropHandle::new(tokio::spawn(async move {
            match upstream.get(&path).await {
                Ok(page) => Some(page),
                Err(error) => {
                    // Nobody listens any more if another call has failed already.
                    let _late = failed.send(error);
                    None
                }
            }
        }))
    });
    let all = join_all(tasks);
    tokio::select! {
        // A failure sends before its task ends: looked at first, it is never missed.
        biased;
        Some(error) = failures.recv() => Err(error),
        joined = all => {
            let pages = joined.into_iter().map(|page| page.expect("no call panics"));
            Ok(pages.flatten().collect())
        }
    }
}

/// `select_ok` returns the last error alone, and each future leaves its own in its slot; asked about nothing,
/// it would panic.
pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    if paths.is_empty() {
        return Err(Vec::new());
    }
    let errors = Mutex::new(vec![None; paths.len()]);
    let calls = paths.iter().enumerate().map(|(index, path)| {
        let errors = &errors;
        Box::pin(async move {
            upstream.get(path).await.map_err(|error| {
                errors.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(error);
            })
        })
    });
    if let Ok((page, _others)) = select_ok(calls).await {
        return Ok(page);
    }
    let errors = errors.into_inner().unwrap_or_else(PoisonError::into_inner);
    Err(errors.into_iter().flatten().collect())
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_errors::grade!();
