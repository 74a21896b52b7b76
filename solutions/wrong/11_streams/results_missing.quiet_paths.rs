//! Takes a minute without a path for the end.

use std::num::NonZeroUsize;
use std::pin::pin;
use std::time::Duration;

use async_workbook::services::upstream::{Page, UpstreamError};
use futures::{Stream, StreamExt as _};
use tokio::task::JoinSet;

pub async fn process<F>(
    paths: impl Stream<Item = String> + Send + 'static,
    limit: NonZeroUsize,
    work: impl Fn(String) -> F + Send + Sync + 'static,
    mut save: impl AsyncFnMut(Page),
) -> Summary
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let mut paths = pin!(paths.fuse());
    let mut jobs = JoinSet::new();
    let mut summary = Summary::default();
    let mut more = true;
    loop {
        tokio::select! {
            path = tokio::time::timeout(Duration::from_secs(60), paths.next()), if more && jobs.len() < limit.get() => match path {
                Ok(Some(path)) => { jobs.spawn(work(path)); }
                _ => more = false,
            },
            Some(done) = jobs.join_next() => match done {
                Ok(Ok(page)) => {
                    save(page).await;
                    summary.saved += 1;
                }
                Ok(Err(_)) => summary.failed += 1,
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            },
            else => return summary,
        }
    }
}
