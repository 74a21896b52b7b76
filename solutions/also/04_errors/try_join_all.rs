//! Also right: labels from a `zip` with the paths, since `join_all` keeps their order; `try_join_all` for the other
//! two.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::{join_all, try_join_all};

#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

/// `join_all` gives the results in the order of its futures, whichever ends first.
pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let results = join_all(paths.iter().map(|path| upstream.get(path))).await;
    std::iter::zip(paths, results)
        .map(|(&path, result)| {
            result.map_err(|error| Failed {
                path: path.to_owned(),
                error,
            })
        })
        .collect()
}

/// So does `try_join_all`, until a call fails. (Of more than 30 calls, the error may come later than it could.)
pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    try_join_all(paths.iter().map(|path| upstream.get(path))).await
}

/// `Ok` and `Err` change places: to `try_join_all`, a page is the end, and an error an output like any other.
pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let exchanged = paths.iter().map(|path| async move {
        match upstream.get(path).await {
            Ok(page) => Err(page),
            Err(error) => Ok(error),
        }
    });
    match try_join_all(exchanged).await {
        Ok(errors) => Err(errors),
        Err(page) => Ok(page),
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_errors::grade!();
