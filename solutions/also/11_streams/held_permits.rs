//! Also right: a task for each call; a task that takes the paths, and permits held until a page is saved; a channel for 32 events.

use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::{Stream, StreamExt as _};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Semaphore, broadcast, mpsc};
use tokio::task::JoinSet;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::AbortOnDropHandle;

/// Given.
pub fn parse(page: &Page) -> (Vec<String>, Option<String>) {
    let mut rows: Vec<String> = page.body.lines().map(str::to_owned).collect();
    let next = rows.pop_if(|line| line.starts_with("next: "));
    (rows, next.map(|line| line["next: ".len()..].to_owned()))
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    pub saved: usize,
    pub failed: usize,
}

/// Each call on a task that is dropped with the stream.
pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let mut path = Some(first.to_owned());
    async_stream::try_stream! {
        while let Some(at) = path {
            let service = upstream.clone();
            let call = AbortOnDropHandle::new(tokio::spawn(async move { service.get(&at).await }));
            let (rows, next) = parse(&call.await.expect("no panic")?);
            for row in rows {
                yield row;
            }
            path = next;
        }
    }
}

/// A driver on a task of its own, which takes one path ahead of its slots. The slot is held until the page is saved.
pub async fn process<F>(
    paths: impl Stream<Item = String> + Send + 'static,
    limit: NonZeroUsize,
    work: impl Fn(String) -> F + Send + Sync + 'static,
    mut save: impl AsyncFnMut(Page),
) -> Summary
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let slots = Arc::new(Semaphore::new(limit.get()));
    let (sender, mut pages) = mpsc::channel(limit.get());
    let driver = AbortOnDropHandle::new(tokio::spawn(async move {
        let mut paths = pin!(paths.fuse());
        let mut jobs = JoinSet::new();
        loop {
            let path = tokio::select! {
                path = paths.next() => path,
                Some(Err(error)) = jobs.join_next() => std::panic::resume_unwind(error.into_panic()),
            };
            let Some(path) = path else { break };
            let Ok(slot) = slots.clone().acquire_owned().await else {
                return;
            };
            let (job, sender) = (work(path), sender.clone());
            jobs.spawn(async move {
                let page = job.await;
                sender.send((page, slot)).await.ok();
            });
        }
        while let Some(ended) = jobs.join_next().await {
            ended.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        }
    }));
    let mut summary = Summary::default();
    while let Some((page, slot)) = pages.recv().await {
        match page {
            Ok(page) => {
                save(page).await;
                summary.saved += 1;
            }
            Err(_) => summary.failed += 1,
        }
        drop(slot);
    }
    if let Err(error) = driver.await {
        std::panic::resume_unwind(error.into_panic());
    }
    summary
}

/// A task with a channel of 32.
pub fn events(mut feed: broadcast::Receiver<String>) -> Response {
    let (sender, events) = mpsc::channel(32);
    let task = AbortOnDropHandle::new(tokio::spawn(async move {
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
    }));
    let events = ReceiverStream::new(events).map(move |event| {
        let _owned = &task;
        event
    });
    Sse::new(events)
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
        .into_response()
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_streams::grade!();
