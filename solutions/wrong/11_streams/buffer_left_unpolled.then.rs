//! Saves in `then`, behind the buffer: the chain is one stream, and polls one part at a time.

pub async fn process<F>(
    paths: impl Stream<Item = String> + Send + 'static,
    limit: NonZeroUsize,
    work: impl Fn(String) -> F + Send + Sync + 'static,
    save: impl AsyncFnMut(Page),
) -> Summary
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let save = &tokio::sync::Mutex::new(save);
    let pages = paths.map(work).buffer_unordered(limit.get());
    let saved = pages.then(|page| async move {
        match page {
            Ok(page) => {
                let mut save = save.lock().await;
                (*save)(page).await;
                true
            }
            Err(_) => false,
        }
    });
    saved
        .fold(Summary::default(), |mut summary, saved| async move {
            if saved {
                summary.saved += 1;
            } else {
                summary.failed += 1;
            }
            summary
        })
        .await
}
