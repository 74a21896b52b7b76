//! The jobs put their pages into an unbounded channel, and go on without `save`.

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
    let (sender, mut pages) = mpsc::unbounded_channel();
    let works = async move {
        let (sender, work) = (&sender, &work);
        let put = |path| async move {
            let page = work(path).await;
            sender
                .send(page)
                .expect("the pages are received to the end");
        };
        paths.for_each_concurrent(limit.get(), put).await;
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
