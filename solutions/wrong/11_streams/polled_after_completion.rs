//! The branch for the next path asks again in each turn, also when there are no more.

use std::num::NonZeroUsize;
use std::pin::pin;

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
    let mut paths = pin!(paths);
    let mut jobs = JoinSet::new();
    let mut summary = Summary::default();
    loop {
        tokio::select! {
            Some(path) = paths.next(), if jobs.len() < limit.get() => {
                jobs.spawn(work(path));
            }
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
