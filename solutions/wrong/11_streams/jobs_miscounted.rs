//! Counts every page as saved, and every path that failed as well.

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
        summary.saved += 1;
        match outcome.expect("the work doesn't panic") {
            Ok(page) => save(page).await,
            Err(_) => summary.failed += 1,
        }
    }
    summary
}
