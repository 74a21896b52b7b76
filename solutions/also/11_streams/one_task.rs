//! Also right: all on one task, without a channel: the jobs and the page that is being saved are polled in the same `select!`; a
//! stream of pages, each of them a stream of rows; a timeout around each wait for a message.

use std::{
    collections::VecDeque, convert::Infallible, num::NonZeroUsize, pin::pin, time::Duration,
};

use async_stream::stream;
use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::response::{
    IntoResponse as _, Response,
    sse::{Event, Sse},
};
use futures::{
    Stream, StreamExt as _,
    stream::{self, FuturesUnordered},
};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::timeout,
};

/// Given.
pub fn parse(page: &Page) -> (Vec<String>, Option<String>) {
    let mut rows: Vec<String> = page.body.lines().map(str::to_owned).collect();
    let next = rows.pop_if(|line| line.starts_with("next: "));
    (rows, next.map(|line| line["next: ".len()..].to_owned()))
}

/// An error is a page without a next one.
pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let pages = stream::unfold(Some(first.to_owned()), move |path| async move {
        match upstream.get(&path?).await {
            Ok(page) => {
                let (rows, next) = parse(&page);
                Some((rows.into_iter().map(Ok).collect(), next))
            }
            Err(error) => Some((vec![Err(error)], None)),
        }
    });
    pages.flat_map(stream::iter)
}

/// What `process` did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    pub saved: usize,
    pub failed: usize,
}

/// Works and pages that wait share `limit` places, so no page waits for room, and no work stands still.
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
    let mut waiting = VecDeque::new();
    let mut summary = Summary::default();
    loop {
        while let Some(page) = waiting.pop_front() {
            let mut saving = pin!(save(page));
            loop {
                let has_room = works.len() + waiting.len() < limit.get();
                tokio::select! {
                    () = &mut saving => break,
                    Some(path) = paths.next(), if has_room => works.push(work(path)),
                    Some(page) = works.next() => match page {
                        Ok(page) => waiting.push_back(page),
                        Err(_) => summary.failed += 1,
                    },
                }
            }
            summary.saved += 1;
        }
        tokio::select! {
            Some(path) = paths.next(), if works.len() < limit.get() => works.push(work(path)),
            Some(page) = works.next() => match page {
                Ok(page) => waiting.push_back(page),
                Err(_) => summary.failed += 1,
            },
            else => return summary,
        }
    }
}

pub fn events(mut feed: broadcast::Receiver<String>) -> Response {
    let events = stream! {
        loop {
            let event = match timeout(Duration::from_secs(15), feed.recv()).await {
                Ok(Ok(message)) => Event::default().data(message),
                Ok(Err(RecvError::Lagged(missed))) => {
                    Event::default().event("lagged").data(missed.to_string())
                }
                Ok(Err(RecvError::Closed)) => break,
                Err(_) => Event::default().comment("still here"),
            };
            yield Ok::<_, Infallible>(event);
        }
    };
    Sse::new(events).into_response()
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_streams::grade!();
