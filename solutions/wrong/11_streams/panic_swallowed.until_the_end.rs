//! Keeps a panic until the paths have ended, which they may never do.

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
    let mut paths = pin!(paths.fuse());
    let mut jobs = JoinSet::new();
    let mut summary = Summary::default();
    let mut panic = None;
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
                Err(error) => panic = Some(error),
            },
            else => break,
        }
    }
    if let Some(error) = panic {
        std::panic::resume_unwind(error.into_panic());
    }
    summary
}
