//! Gives each job a third of a second, and drops it then.

use tokio::time::timeout;

pub async fn process<F>(
    paths: impl Stream<Item = String> + Send + 'static,
    limit: NonZeroUsize,
    work: impl Fn(String) -> F + Send + Sync + 'static,
    mut save: impl AsyncFnMut(Page),
) -> Summary
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let works = paths.map(|path| {
        let work = timeout(Duration::from_millis(333), work(path));
        AbortOnDropHandle::new(tokio::spawn(work))
    });
    let mut pages = pin!(works.buffer_unordered(limit.get()));
    let mut summary = Summary::default();
    while let Some(outcome) = pages.next().await {
        match outcome.expect("the work doesn't panic") {
            Ok(Ok(page)) => {
                save(page).await;
                summary.saved += 1;
            }
            _ => summary.failed += 1,
        }
    }
    summary
}
