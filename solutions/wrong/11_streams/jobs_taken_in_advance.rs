//! Reads all paths into an unbounded channel, as fast as they come.

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
    let (sender, mut taken) = mpsc::unbounded_channel();
    let take = async move {
        let mut paths = pin!(paths);
        while let Some(path) = paths.next().await {
            sender.send(path).ok();
        }
    };
    let works = async {
        let paths = stream::poll_fn(move |context| taken.poll_recv(context));
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
    };
    tokio::join!(take, works).1
}
