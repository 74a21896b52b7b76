//! Also right: a stream of one's own, with `poll_next`; tasks that take a permit, and send their pages through a channel; a
//! body that writes its events by hand, with a timer of its own.

use std::{
    convert::Infallible,
    num::NonZeroUsize,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::{
    body::Body,
    http::header::CONTENT_TYPE,
    response::{IntoResponse as _, Response},
};
use futures::{Stream, StreamExt as _, future::BoxFuture, stream};
use tokio::{
    sync::{
        Semaphore,
        broadcast::{self, error::RecvError},
        mpsc,
    },
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};
use tokio_stream::wrappers::ReceiverStream;

/// Given.
pub fn parse(page: &Page) -> (Vec<String>, Option<String>) {
    let mut rows: Vec<String> = page.body.lines().map(str::to_owned).collect();
    let next = rows.pop_if(|line| line.starts_with("next: "));
    (rows, next.map(|line| line["next: ".len()..].to_owned()))
}

/// The rows that are left, and the call for the next page, if there's one.
struct Pages<'a> {
    upstream: &'a Upstream,
    rows: std::vec::IntoIter<String>,
    call: Option<BoxFuture<'a, Result<Page, UpstreamError>>>,
}

impl Stream for Pages<'_> {
    type Item = Result<String, UpstreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(row) = self.rows.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            let Some(call) = &mut self.call else {
                return Poll::Ready(None);
            };
            let page = ready!(call.as_mut().poll(context));
            self.call = None;
            match page {
                Ok(page) => {
                    let (rows, next) = parse(&page);
                    self.rows = rows.into_iter();
                    let upstream = self.upstream;
                    // Lazy: the call begins with its first poll.
                    self.call = next.map(|path| Box::pin(upstream.get(&path)) as BoxFuture<'_, _>);
                }
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    Pages {
        upstream,
        rows: Vec::new().into_iter(),
        call: Some(Box::pin(upstream.get(first))),
    }
}

/// What `process` did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    pub saved: usize,
    pub failed: usize,
}

/// A task that has its page keeps its permit until the page is in the channel.
pub async fn process<F>(
    paths: impl Stream<Item = String> + Send + 'static,
    limit: NonZeroUsize,
    work: impl Fn(String) -> F + Send + Sync + 'static,
    mut save: impl AsyncFnMut(Page),
) -> Summary
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let permits = Arc::new(Semaphore::new(limit.get()));
    let (sender, pages) = mpsc::channel(1);
    let mut pages = ReceiverStream::new(pages);
    let works = async move {
        let mut paths = pin!(paths);
        let mut works = JoinSet::new();
        loop {
            let permit = Arc::clone(&permits).acquire_owned().await;
            let permit = permit.expect("nobody closes it");
            let Some(path) = paths.next().await else {
                break;
            };
            let (page, sender) = (work(path), sender.clone());
            works.spawn(async move {
                let _permit = permit;
                let page = page.await;
                sender
                    .send(page)
                    .await
                    .expect("the pages are received to the end");
            });
            while let Some(ended) = works.try_join_next() {
                ended.expect("the work doesn't panic");
            }
        }
        drop(sender);
        while let Some(ended) = works.join_next().await {
            ended.expect("the work doesn't panic");
        }
    };
    let saves = async {
        let mut summary = Summary::default();
        while let Some(page) = pages.next().await {
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

pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let quiet = Duration::from_secs(15);
    let state = (feed, None);
    let events = stream::unfold(state, move |(mut feed, ticks)| async move {
        // Made here, and not in `events`: the 15 s begin when the body is first read.
        let mut ticks = ticks.unwrap_or_else(|| {
            let mut ticks = interval(quiet);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            ticks.reset();
            ticks
        });
        let text = tokio::select! {
            biased;
            received = feed.recv() => {
                ticks.reset();
                match received {
                    Ok(message) => {
                        let lines = message.split(['\n', '\r']).map(|line| format!("data: {line}\n"));
                        lines.collect::<String>() + "\n"
                    }
                    Err(RecvError::Lagged(missed)) => format!("event: lagged\ndata: {missed}\n\n"),
                    Err(RecvError::Closed) => return None,
                }
            }
            _ = ticks.tick() => ": still here\n\n".to_owned(),
        };
        Some((Ok::<_, Infallible>(text), (feed, Some(ticks))))
    });
    (
        [(CONTENT_TYPE, "text/event-stream")],
        Body::from_stream(events),
    )
        .into_response()
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_streams::grade!();
