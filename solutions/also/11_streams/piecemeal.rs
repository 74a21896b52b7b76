//! Also right: the first call made at once and polled later; jobs and `save` in one future; a chunk for each line of an event.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::pin::pin;
use std::time::Duration;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::body::Body;
use axum::http::HeaderValue;
use axum::response::Response;
use futures::stream::FuturesUnordered;
use futures::{FutureExt as _, Stream, StreamExt as _};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

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

/// Calls `get` in the function: nothing happens until it is polled.
pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let mut call = Some(upstream.get(first).boxed());
    let mut rows = Vec::new().into_iter();
    let mut path = None::<String>;
    async_stream::stream! {
        loop {
            if let Some(row) = rows.next() {
                yield Ok(row);
                continue;
            }
            let Some(now) = call.take().or_else(|| path.take().map(|path| upstream.get(&path).boxed())) else { return };
            match now.await {
                Ok(page) => {
                    let (more, next) = parse(&page);
                    (rows, path) = (more.into_iter(), next);
                }
                Err(error) => {
                    yield Err(error);
                    return;
                }
            }
        }
    }
}

/// No task at all: one future polls everything.
pub async fn process<F>(
    paths: impl Stream<Item = String> + Send + 'static,
    limit: NonZeroUsize,
    work: impl Fn(String) -> F + Send + Sync + 'static,
    mut save: impl AsyncFnMut(Page),
) -> Summary
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let limit = limit.get();
    let mut paths = pin!(paths.fuse());
    let mut jobs = FuturesUnordered::new();
    let mut summary = Summary::default();
    let mut waiting = VecDeque::new();
    loop {
        if let Some(page) = waiting.pop_front() {
            let mut saving = pin!(save(page).fuse());
            loop {
                tokio::select! {
                    () = &mut saving => break,
                    Some(path) = paths.next(), if jobs.len() < limit && jobs.len() + waiting.len() < 2 * limit => jobs.push(work(path)),
                    Some(done) = jobs.next() => match done {
                        Ok(page) => waiting.push_back(page),
                        Err(_) => summary.failed += 1,
                    },
                }
            }
            summary.saved += 1;
            continue;
        }
        tokio::select! {
            Some(path) = paths.next(), if jobs.len() < limit => jobs.push(work(path)),
            Some(done) = jobs.next() => match done {
                Ok(page) => waiting.push_back(page),
                Err(_) => summary.failed += 1,
            },
            else => return summary,
        }
    }
}

/// Each line is a chunk of its own.
pub fn events(mut feed: broadcast::Receiver<String>) -> Response {
    let chunks = async_stream::stream! {
        let quiet = Duration::from_secs(15);
        let mut comment = pin!(tokio::time::sleep(quiet));
        loop {
            let mut lines: Vec<String> = tokio::select! {
                received = feed.recv() => match received {
                    Ok(message) => message.split(['\n', '\r']).map(|line| format!("data: {line}\n")).collect(),
                    Err(RecvError::Lagged(missed)) => vec!["event: lagged\n".to_owned(), format!("data: {missed}\n")],
                    Err(RecvError::Closed) => return,
                },
                () = &mut comment => vec![":\n".to_owned()],
            };
            // A comment is whole at the end of its line, and an event after a blank one.
            if lines[0] != ":\n" {
                lines.push("\n".to_owned());
            }
            for line in lines {
                yield Ok::<_, Infallible>(line);
            }
            comment.as_mut().reset(tokio::time::Instant::now() + quiet);
        }
    };
    let mut response = Response::new(Body::from_stream(chunks));
    response.headers_mut().insert(
        "content-type",
        HeaderValue::from_static("text/event-stream"),
    );
    response
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_streams::grade!();
