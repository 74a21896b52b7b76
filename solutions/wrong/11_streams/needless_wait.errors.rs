//! A job that fails keeps its place until no job is left.

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
    let mut room = limit.get();
    loop {
        tokio::select! {
            Some(path) = paths.next(), if room > 0 => {
                room -= 1;
                jobs.spawn(work(path));
            }
            Some(done) = jobs.join_next() => match done {
                Ok(Ok(page)) => {
                    save(page).await;
                    summary.saved += 1;
                    room += 1;
                }
                Ok(Err(_)) => {
                    summary.failed += 1;
                    if jobs.is_empty() {
                        room = limit.get();
                    }
                }
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            },
            else => return summary,
        }
    }
}
