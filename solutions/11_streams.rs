//! Chapter 11, streams: the reference solution.

use std::{convert::Infallible, num::NonZeroUsize, pin::pin, time::Duration};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::response::{
    IntoResponse as _, Response,
    sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio_util::task::AbortOnDropHandle;

/// Given.
pub fn parse(page: &Page) -> (Vec<String>, Option<String>) {
    let mut rows: Vec<String> = page.body.lines().map(str::to_owned).collect();
    let next = rows.pop_if(|line| line.starts_with("next: "));
    (rows, next.map(|line| line["next: ".len()..].to_owned()))
}

/// `try_unfold` keeps the path of the next page, and runs its closure when it's polled and has nothing left. Each turn
/// gives the rows of one page, and `try_flatten` asks for the next turn when these are used up. An error ends both.
pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    stream::try_unfold(Some(first.to_owned()), move |path| async move {
        let Some(path) = path else {
            return Ok(None);
        };
        let page = upstream.get(&path).await?;
        let (rows, next) = parse(&page);
        Ok(Some((stream::iter(rows).map(Ok), next)))
    })
    .try_flatten()
}

/// What `process` did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    pub saved: usize,
    pub failed: usize,
}

/// The buffer holds handles of tasks, which the runtime polls: they go on while the loop's body waits. The futures
/// themselves, in the same buffer, would stand still. A plain handle lets go of its task when it's dropped, and this one
/// aborts it.
pub async fn process<F>(
    paths: impl Stream<Item = String> + Send + 'static,
    limit: NonZeroUsize,
    work: impl Fn(String) -> F + Send + Sync + 'static,
    mut save: impl AsyncFnMut(Page),
) -> Summary
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
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

/// The stream owns the receiver, and asks it for a message when the server has room for one. What a slow client doesn't
/// take stays in the feed, which has a bound. The server drops the body when the client leaves, and the receiver goes
/// with it.
pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let events = stream::unfold(feed, |mut feed| async {
        let event = match feed.recv().await {
            Ok(message) => Event::default().data(message),
            // Not the end: the next `recv` gives the oldest message that is left.
            Err(RecvError::Lagged(missed)) => {
                Event::default().event("lagged").data(missed.to_string())
            }
            Err(RecvError::Closed) => return None,
        };
        Some((Ok::<_, Infallible>(event), feed))
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(events).keep_alive(keep_alive).into_response()
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_streams::grade!();
