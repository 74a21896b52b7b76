//! Works on a chunk of paths, and takes the next chunk when all of it has been saved.

pub async fn process<F>(
    paths: impl Stream<Item = String> + Send + 'static,
    limit: NonZeroUsize,
    work: impl Fn(String) -> F + Send + Sync + 'static,
    mut save: impl AsyncFnMut(Page),
) -> Summary
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let works = paths.ready_chunks(limit.get());
    let mut chunks = pin!(works);
    let mut summary = Summary::default();
    while let Some(chunk) = chunks.next().await {
        let works = chunk
            .into_iter()
            .map(|path| AbortOnDropHandle::new(tokio::spawn(work(path))));
        for outcome in futures::future::join_all(works).await {
            match outcome.expect("the work doesn't panic") {
                Ok(page) => {
                    save(page).await;
                    summary.saved += 1;
                }
                Err(_) => summary.failed += 1,
            }
        }
    }
    summary
}
