//! Gives up a `save` that takes more than 10 s.

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
    let works = paths.map(|path| AbortOnDropHandle::new(tokio::spawn(work(path))));
    let mut pages = pin!(works.buffer_unordered(limit.get()));
    let mut summary = Summary::default();
    while let Some(outcome) = pages.next().await {
        match outcome.expect("the work doesn't panic") {
            Ok(page) => {
                if timeout(Duration::from_secs(10), save(page)).await.is_ok() {
                    summary.saved += 1;
                }
            }
            Err(_) => summary.failed += 1,
        }
    }
    summary
}
