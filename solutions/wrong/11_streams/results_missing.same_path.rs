//! Works on a path only the first time that it comes.

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::pin::pin;

use async_workbook::services::upstream::{Page, UpstreamError};
use futures::{Stream, StreamExt as _};
use tokio_util::task::AbortOnDropHandle;

pub async fn process<F>(
    paths: impl Stream<Item = String> + Send + 'static,
    limit: NonZeroUsize,
    work: impl Fn(String) -> F + Send + Sync + 'static,
    mut save: impl AsyncFnMut(Page),
) -> Summary
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let mut seen = HashSet::new();
    let paths = paths.filter(move |path| std::future::ready(seen.insert(path.clone())));
    let works = paths.map(|path| AbortOnDropHandle::new(tokio::spawn(work(path))));
    let mut pages = pin!(works.buffer_unordered(limit.get()));
    let mut summary = Summary::default();
    while let Some(outcome) = pages.next().await {
        match outcome.expect("no panic") {
            Ok(page) => {
                save(page).await;
                summary.saved += 1;
            }
            Err(_) => summary.failed += 1,
        }
    }
    summary
}
