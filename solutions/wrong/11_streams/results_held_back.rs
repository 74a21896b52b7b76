//! Fills all places before it looks for the first page.

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
        while works.len() < limit.get() {
            let Some(path) = paths.next().await else {
                break;
            };
            works.spawn(work(path));
        }
        let Some(outcome) = works.join_next().await else {
            return summary;
        };
        match outcome.expect("the work doesn't panic") {
            Ok(page) => {
                save(page).await;
                summary.saved += 1;
            }
            Err(_) => summary.failed += 1,
        }
    }
}
