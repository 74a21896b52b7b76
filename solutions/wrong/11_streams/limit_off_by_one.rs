//! Takes another path while as many jobs are running as allowed.

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
    let mut works = JoinSet::new();
    let mut summary = Summary::default();
    loop {
        tokio::select! {
            Some(path) = paths.next(), if works.len() <= limit.get() => {
                works.spawn(work(path));
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
