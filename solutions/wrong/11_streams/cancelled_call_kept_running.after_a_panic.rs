//! When one job panics, the others aren't aborted.

use std::num::NonZeroUsize;
use std::pin::pin;

use async_workbook::services::upstream::{Page, UpstreamError};
use futures::stream::FuturesUnordered;
use futures::{Stream, StreamExt as _};
use tokio::task::JoinHandle;

struct Jobs(FuturesUnordered<JoinHandle<Result<Page, UpstreamError>>>);

impl Drop for Jobs {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.0.iter().for_each(|job| job.abort());
        }
    }
}

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
    let mut jobs = Jobs(FuturesUnordered::new());
    let mut summary = Summary::default();
    loop {
        tokio::select! {
            Some(path) = paths.next(), if jobs.0.len() < limit.get() => {
                jobs.0.push(tokio::spawn(work(path)));
            }
            Some(done) = jobs.0.next() => match done {
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
