//! Takes a call that is polled often for lost, and begins it anew.

use std::pin::Pin;
use std::task::{Context, Poll};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::BoxFuture;
use futures::{FutureExt as _, Stream};

struct Rows<'a> {
    upstream: &'a Upstream,
    rows: std::vec::IntoIter<String>,
    path: Option<String>,
    call: Option<(u32, BoxFuture<'a, Result<Page, UpstreamError>>)>,
}

impl Stream for Rows<'_> {
    type Item = Result<String, UpstreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(row) = this.rows.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            let Some(path) = this.path.clone() else {
                return Poll::Ready(None);
            };
            let upstream = this.upstream;
            let (polls, call) = this
                .call
                .get_or_insert_with(|| (0, upstream.get(&path).boxed()));
            *polls += 1;
            if *polls > 2 {
                // Polled for nothing: begin anew.
                *call = upstream.get(&path).boxed();
                *polls = 1;
            }
            let Poll::Ready(page) = call.poll_unpin(context) else {
                return Poll::Pending;
            };
            this.call = None;
            match page {
                Ok(page) => {
                    let (rows, next) = parse(&page);
                    (this.rows, this.path) = (rows.into_iter(), next);
                }
                Err(error) => {
                    this.path = None;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    Rows {
        upstream,
        rows: Vec::new().into_iter(),
        path: Some(first.to_owned()),
        call: None,
    }
}
