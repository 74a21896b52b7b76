//! Spawns a task for every path, which then waits for its permit, and keeps its page in the set.

use std::sync::Arc;
use tokio::{sync::Semaphore, task::JoinSet};

pub async fn process<F>(
    paths: impl Stream<Item = String> + Send + 'static,
    limit: NonZeroUsize,
    work: impl Fn(String) -> F + Send + Sync + 'static,
    mut save: impl AsyncFnMut(Page),
) -> Summary
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let permits = Arc::new(Semaphore::new(limit.get()));
    let mut paths = pin!(paths.fuse());
    let mut works = JoinSet::new();
    let mut summary = Summary::default();
    loop {
        tokio::select! {
            Some(path) = paths.next() => {
                let (permits, work) = (Arc::clone(&permits), work(path));
                works.spawn(async move {
                    let _permit = permits.acquire().await.expect("nobody closes it");
                    work.await
                });
            }
            Some(outcome) = works.join_next() => match outcome.expect("the work doesn't panic") {
                Ok(page) => {
                    save(page).await;
                    summary.saved += 1;
                }
                Err(_) => summary.failed += 1,
            },
            else => return summary,
        }
    }
}
