//! Also right: a task that fetches when it's asked; workers that share the stream of paths; several events in one chunk.

use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::body::Body;
use axum::http::HeaderValue;
use axum::response::Response;
use futures::{Stream, StreamExt as _, stream};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{Mutex, broadcast, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
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

/// A task that fetches a page when it is asked.
pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let (questions, mut asked) = mpsc::channel::<(String, oneshot::Sender<_>)>(1);
    let service = upstream.clone();
    let mut task = None;
    let begin = move || {
        AbortOnDropHandle::new(tokio::spawn(async move {
            while let Some((path, answer)) = asked.recv().await {
                let page = service.get(&path).await;
                if answer.send(page).is_err() {
                    return;
                }
            }
        }))
    };
    let mut begin = Some(begin);
    let mut path = Some(first.to_owned());
    async_stream::try_stream! {
        if let Some(begin) = begin.take() {
            task = Some(begin());
        }
        while let Some(at) = path {
            let (sender, answer) = oneshot::channel();
            questions.send((at, sender)).await.expect("the task is there");
            let (rows, next) = parse(&answer.await.expect("it answers")?);
            for row in rows {
                yield row;
            }
            path = next;
        }
        drop(task.take());
    }
}

/// Workers that share the stream.
pub async fn process<F>(
    paths: impl Stream<Item = String> + Send + 'static,
    limit: NonZeroUsize,
    work: impl Fn(String) -> F + Send + Sync + 'static,
    mut save: impl AsyncFnMut(Page),
) -> Summary
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let paths = Arc::new(Mutex::new(Box::pin(paths.fuse())));
    let work = Arc::new(work);
    let (sender, mut pages) = mpsc::channel(limit.get());
    let mut workers = JoinSet::new();
    for _ in 0..limit.get() {
        let (paths, work, sender) = (paths.clone(), work.clone(), sender.clone());
        workers.spawn(async move {
            loop {
                let path = paths.lock().await.next().await;
                let Some(path) = path else { return };
                if sender.send(work(path).await).await.is_err() {
                    return;
                }
            }
        });
    }
    drop(sender);
    let mut summary = Summary::default();
    loop {
        tokio::select! {
            page = pages.recv() => match page {
                Some(Ok(page)) => {
                    save(page).await;
                    summary.saved += 1;
                }
                Some(Err(_)) => summary.failed += 1,
                None => break,
            },
            Some(Err(error)) = workers.join_next() => std::panic::resume_unwind(error.into_panic()),
        }
    }
    while let Some(ended) = workers.join_next().await {
        ended.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
    }
    summary
}

fn event(message: &str) -> String {
    let mut event = String::from("event: message\nid: 1\n");
    for line in message.split(['\n', '\r']) {
        event += "data: ";
        event += line;
        event.push('\n');
    }
    event + "\n"
}

/// Several events in one chunk.
pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let quiet = Duration::from_secs(15);
    let chunks = stream::unfold(
        (feed, Instant::now() + quiet),
        move |(mut feed, due)| async move {
            let mut chunk = String::new();
            let mut received = tokio::select! {
                received = feed.recv() => received.map_err(|error| match error {
                    RecvError::Lagged(missed) => TryRecvError::Lagged(missed),
                    RecvError::Closed => TryRecvError::Closed,
                }),
                () = sleep_until(due) => {
                    chunk += ":\n\n";
                    Err(TryRecvError::Empty)
                }
            };
            for number in 1.. {
                match received {
                    Ok(message) => chunk += &event(&message),
                    Err(TryRecvError::Lagged(missed)) => {
                        chunk += &format!("event: lagged\ndata: {missed}\n\n")
                    }
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Closed) if chunk.is_empty() => return None,
                    Err(TryRecvError::Closed) => break,
                }
                if number == 10 || feed.is_empty() {
                    break;
                }
                received = feed.try_recv();
            }
            Some((Ok::<_, Infallible>(chunk), (feed, Instant::now() + quiet)))
        },
    );
    let mut response = Response::new(Body::from_stream(chunks));
    response.headers_mut().insert(
        "content-type",
        HeaderValue::from_static("text/event-stream; charset=utf-8"),
    );
    response
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_streams::grade!();
