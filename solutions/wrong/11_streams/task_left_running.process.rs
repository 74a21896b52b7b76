//! A task of its own reads the paths, and waits for the next when nobody wants it any more.

pub async fn process<F>(
    paths: impl Stream<Item = String> + Send + 'static,
    limit: NonZeroUsize,
    work: impl Fn(String) -> F + Send + Sync + 'static,
    mut save: impl AsyncFnMut(Page),
) -> Summary
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        let mut paths = pin!(paths);
        while let Some(path) = paths.next().await {
            if sender.send(path).await.is_err() {
                break;
            }
        }
    });
    let paths = tokio_stream::wrappers::ReceiverStream::new(receiver);
    let works = paths.map(|path| AbortOnDropHandle::new(tokio::spawn(work(path))));
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
