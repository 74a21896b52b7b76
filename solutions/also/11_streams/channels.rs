//! Also right: `unfold` with a queue of rows; `for_each_concurrent`, whose futures put each page into a channel
//! themselves; a task that forwards the feed and ends when the client leaves.

use std::{collections::VecDeque, convert::Infallible, num::NonZeroUsize, time::Duration};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::response::{
    IntoResponse as _, Response,
    sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, StreamExt as _, stream};
use tokio::sync::{
    broadcast::{self, error::RecvError},
    mpsc,
};
use tokio_stream::wrappers::ReceiverStream;

/// Given.
pub fn parse(page: &Page) -> (Vec<String>, Option<String>) {
    let mut rows: Vec<String> = page.body.lines().map(str::to_owned).collect();
    let next = rows.pop_if(|line| line.starts_with("next: "));
    (rows, next.map(|line| line["next: ".len()..].to_owned()))
}

/// The rows that are left of the page before, and the path of the next.
pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let state = (VecDeque::new(), Some(first.to_owned()));
    stream::unfold(state, move |(mut rows, mut path)| async move {
        loop {
            if let Some(row) = rows.pop_front() {
                return Some((Ok(row), (rows, path)));
            }
            match upstream.get(&path?).await {
                Ok(page) => {
                    let (more, next) = parse(&page);
                    rows.extend(more);
                    path = next;
                }
                // No path is left: the stream ends after the error.
                Err(error) => return Some((Err(error), (rows, None))),
            }
        }
    })
}

/// What `process` did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    pub saved: usize,
    pub failed: usize,
}

/// Works and saves at the same time, on one task: while `save` waits, `join!` polls the works. Each work waits by itself until
/// the channel has room for its page. One that waited for all of them, such as `for_each` over a buffer, would stop the rest.
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
        let (sender, work) = (&sender, &work);
        let put = |path| async move {
            let page = work(path).await;
            sender
                .send(page)
                .await
                .expect("the pages are received to the end");
        };
        paths.for_each_concurrent(limit.get(), put).await;
        // The sender is dropped here, which ends the pages.
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

/// The channel has room for a few events. When the client leaves, its receiver is dropped, and `closed` ends the task.
pub fn events(mut feed: broadcast::Receiver<String>) -> Response {
    let (sender, events) = mpsc::channel(8);
    tokio::spawn(async move {
        let forward = async {
            loop {
                let event = match feed.recv().await {
                    Ok(message) => Event::default().data(message),
                    Err(RecvError::Lagged(missed)) => {
                        Event::default().event("lagged").data(missed.to_string())
                    }
                    Err(RecvError::Closed) => return,
                };
                if sender.send(Ok::<_, Infallible>(event)).await.is_err() {
                    return;
                }
            }
        };
        tokio::select! {
            () = forward => {}
            () = sender.closed() => {}
        }
    });
    Sse::new(ReceiverStream::new(events))
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
        .into_response()
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_streams::grade!();
