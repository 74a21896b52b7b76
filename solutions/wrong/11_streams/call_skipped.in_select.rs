//! A path that waits for a permit is lost when another branch of `select!` is first.

use std::num::NonZeroUsize;
use std::pin::pin;
use std::sync::Arc;

use async_workbook::services::upstream::{Page, UpstreamError};
use futures::{Stream, StreamExt as _};
use tokio::sync::Semaphore;
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
    let slots = Arc::new(Semaphore::new(limit.get()));
    let mut jobs = JoinSet::new();
    let mut summary = Summary::default();
    let mut ended = false;
    loop {
        tokio::select! {
            next = async {
                let path = paths.next().await?;
                let slot = slots.clone().acquire_owned().await.ok()?;
                Some((path, slot))
            }, if !ended => match next {
                Some((path, slot)) => {
                    let job = work(path);
                    jobs.spawn(async move {
                        let page = job.await;
                        drop(slot);
                        page
                    });
                }
                None => ended = true,
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
