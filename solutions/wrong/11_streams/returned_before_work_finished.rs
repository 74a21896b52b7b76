//! Leaves the loop at the end of the paths, with work under way.

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
    let mut paths = pin!(paths);
    let mut works = JoinSet::new();
    let mut summary = Summary::default();
    while let Some(path) = paths.next().await {
        works.spawn(work(path));
        if works.len() < limit.get() {
            continue;
        }
        match works
            .join_next()
            .await
            .expect("one is there")
            .expect("the work doesn't panic")
        {
            Ok(page) => {
                save(page).await;
                summary.saved += 1;
            }
            Err(_) => summary.failed += 1,
        }
    }
    summary
}
