//! Collects all pages, and saves them afterwards.

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
    let pages: Vec<_> = works.buffer_unordered(limit.get()).collect().await;
    let mut summary = Summary::default();
    for outcome in pages {
        match outcome.expect("the work doesn't panic") {
            Ok(page) => {
                save(page).await;
                summary.saved += 1;
            }
            Err(_) => summary.failed += 1,
        }
    }
    summary
}
