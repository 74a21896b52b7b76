//! Keeps the jobs in a `FuturesUnordered`, and saves in a branch of `select!`.

use futures::stream::FuturesUnordered;

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
    let mut works = FuturesUnordered::new();
    let mut summary = Summary::default();
    loop {
        tokio::select! {
            Some(path) = paths.next(), if works.len() < limit.get() => works.push(work(path)),
            Some(page) = works.next() => match page {
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
