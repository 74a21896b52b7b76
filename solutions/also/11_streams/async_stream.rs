//! Also right: the macros of `async-stream`, in which a stream reads like a loop; a `JoinSet` and `select!`.

use std::{convert::Infallible, num::NonZeroUsize, pin::pin, time::Duration};

use async_stream::{stream, try_stream};
use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::response::{
    IntoResponse as _, Response,
    sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, StreamExt as _};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    task::JoinSet,
};

/// Given.
pub fn parse(page: &Page) -> (Vec<String>, Option<String>) {
    let mut rows: Vec<String> = page.body.lines().map(str::to_owned).collect();
    let next = rows.pop_if(|line| line.starts_with("next: "));
    (rows, next.map(|line| line["next: ".len()..].to_owned()))
}

/// The loop stands still at each `yield` until somebody asks for the next row.
pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let mut path = Some(first.to_owned());
    try_stream! {
        while let Some(current) = path {
            let (rows, next) = parse(&upstream.get(&current).await?);
            for row in rows {
                yield row;
            }
            path = next;
        }
    }
}

/// What `process` did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    pub saved: usize,
    pub failed: usize,
}

/// Waits for the next path, if there's room for its work, and for the next page, at the same time. Both calls of `next` may
/// be dropped by `select!` without a loss.
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
    let mut works = JoinSet::new();
    let mut summary = Summary::default();
    loop {
        tokio::select! {
            Some(path) = paths.next(), if works.len() < limit.get() => {
                works.spawn(work(path));
            }
            Some(outcome) = works.join_next() => match outcome.expect("the work doesn't panic") {
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

pub fn events(mut feed: broadcast::Receiver<String>) -> Response {
    let events = stream! {
        loop {
            let event = match feed.recv().await {
                Ok(message) => Event::default().data(message),
                Err(RecvError::Lagged(missed)) => {
                    Event::default().event("lagged").data(missed.to_string())
                }
                Err(RecvError::Closed) => break,
            };
            yield Ok::<_, Infallible>(event);
        }
    };
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(events).keep_alive(keep_alive).into_response()
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_streams::grade!();
