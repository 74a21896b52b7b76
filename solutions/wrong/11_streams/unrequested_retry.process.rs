//! Works on a path a second time when the first time fails.

pub async fn process<F>(
    paths: impl Stream<Item = String> + Send + 'static,
    limit: NonZeroUsize,
    work: impl Fn(String) -> F + Send + Sync + 'static,
    mut save: impl AsyncFnMut(Page),
) -> Summary
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let work = std::sync::Arc::new(work);
    let twice = move |path: String| {
        let work = work.clone();
        async move {
            match work(path.clone()).await {
                Ok(page) => Ok(page),
                Err(_) => work(path).await,
            }
        }
    };
    let works = paths.map(|path| AbortOnDropHandle::new(tokio::spawn(twice(path))));
    let mut pages = pin!(works.buffer_unordered(limit.get()));
    let mut summary = Summary::default();
    while let Some(outcome) = pages.next().await {
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
