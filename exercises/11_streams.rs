//! Chapter 11, streams: values that come one after another, with waits in between.
//!
//! A list that is too long to fetch in one go, a queue of work, a feed that never ends: none of them fits into
//! a `Vec`. A stream gives one item at a time, whenever its reader asks for one. Write a stream, a function
//! that works through a stream, and a response that streams to a browser.
//!
//! See it first:  cargo run --example 11_streams
//! Grade it:      cargo test -p exercises -- 11
//!
//! Nothing here may block the thread or leave anything behind: when the stream, the future or the body is
//! dropped, whatever it was waiting for is dropped too, tasks included.
//!
//! Worth looking up: `futures::stream::try_unfold` and `unfold`, `try_flatten`, the macros of `async-stream`;
//! `buffer_unordered` and `for_each_concurrent`, `tokio_util::task::AbortOnDropHandle`, `std::pin::pin!`;
//! `axum::response::sse`, `tokio_stream::wrappers::ReceiverStream`, `tokio::time::MissedTickBehavior`.

use std::num::NonZeroUsize;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::response::Response;
use futures::{Stream, stream};
use tokio::sync::broadcast;

/// Given: the rows of a page, and the path of the page after it. Each line of the body is a row, and a last
/// line `next: PATH` names the next page. The last page has no such line. A page may have no rows.
pub fn parse(page: &Page) -> (Vec<String>, Option<String>) {
    let mut rows: Vec<String> = page.body.lines().map(str::to_owned).collect();
    let next = rows.pop_if(|line| line.starts_with("next: "));
    (rows, next.map(|line| line["next: ".len()..].to_owned()))
}

/// Task 1: a stream of the rows of all pages, from the page `first` on.
///
/// - `upstream.get(path)` fetches a page. The rows come in order, the first rows as soon as their page is
///   there.
/// - It fetches a page only when somebody asks for a row that isn't on the pages before it. A reader who stops
///   after three rows has paid for the pages of these three rows.
/// - If a page can't be fetched, the next item is the error, and after it the stream ends.
///
/// It must NOT fetch ahead, and nothing may happen before the first row is asked for.
pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    todo!("return a stream that fetches the next page when its reader has used up the last one");
    // This only makes the stub compile: remove it with the `todo!`.
    stream::empty()
}

/// What `process` did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    /// How many pages were saved.
    pub saved: usize,
    /// For how many paths `work` returned an error.
    pub failed: usize,
}

/// Task 2: calls `work` for every path that the stream gives, at most `limit` at a time, and `save` for every
/// page that comes of it, one at a time, in any order.
///
/// - Work that has begun goes on at its own pace, also while a page is being saved, however long that takes.
/// - A new job begins as soon as there are fewer than `limit` and a path is there. It may wait while a page is
///   being saved.
/// - A page is saved as soon as it's there and no other is being saved, even if the next path comes much later.
/// - Memory is bounded too: `limit` pages may be in progress, and `limit` more may wait for `save`.
/// - An error of `work` is counted, and stops nothing. A panic in `work` is passed on to the caller with its message,
///   and doesn't wait for the end of `paths`.
/// - After its end, `paths` isn't asked again: some streams panic then.
///
/// It must NOT save two pages at once, or collect anything before it begins.
pub async fn process<F>(
    paths: impl Stream<Item = String> + Send + 'static,
    limit: NonZeroUsize,
    work: impl Fn(String) -> F + Send + Sync + 'static,
    save: impl AsyncFnMut(Page),
) -> Summary
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    todo!("work on `limit` paths at a time, and save each page while the work goes on")
}

/// Task 3: a response that sends every message of the feed to a browser, as server-sent events.
///
/// - Its content type is `text/event-stream`. Each message becomes an event with the message as its data, at
///   the moment when it is sent. No message is empty, and many have several lines: to a browser, a carriage return
///   ends a line too.
/// - When 15 s have passed without anything sent, it sends a comment, which keeps the connection alive.
/// - The feed drops the oldest messages of a client that is too slow for it. Then the client gets an event
///   `lagged`, whose data is how many messages it has missed this time, and goes on with those that are left.
/// - The body ends when the feed does, and lets go of `feed` at once when the client leaves.
///
/// It must NOT keep more than 32 messages of its own for a client that doesn't read. And a client that reads
/// again after a long pause gets one comment for it, and not one for every 15 s.
pub fn events(feed: broadcast::Receiver<String>) -> Response {
    todo!("turn the messages of the feed into a body of server-sent events")
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_streams::grade!();
