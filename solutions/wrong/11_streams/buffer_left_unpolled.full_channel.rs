//! Forwards the jobs' pages into a channel, and stops polling the jobs while the channel is full.

use tokio::sync::mpsc;

pub async fn process<F>(
    paths: impl Stream<Item = String> + Send + 'static,
    limit: NonZeroUsize,
    work: impl Fn(String) -> F + Send + Sync + 'static,
    mut save: impl AsyncFnMut(Page),
) -> Summary
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let (sender, mut pages) = mpsc::channel(limit.get());
    let works = async move {
        let mut works = pin!(paths.map(work).buffer_unordered(limit.get()));
        while let Some(page) = works.next().await {
            sender
                .send(page)
                .await
                .expect("the pages are received to the end");
        }
    };
    let saves = async {
        let mut summary = Summary::default();
        while let Some(page) = pages.recv().await {
            match page {
                Ok(page) => {
                    save(page).await;
                    summary.saved += 1;
                }
                Err(_) => summary.failed += 1,
            }
        }
        summary
    };
    tokio::join!(works, saves).1
}
