//! Also right: what `.await` does, written out. A future that's pending has kept the waker, and is polled again after a
//! wake-up.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
};

use async_workbook::services::upstream::Page;
use async_workbook::services::upstream::Upstream;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let mut call = pin!(upstream.fetch(path));
    poll_fn(|context| call.as_mut().poll(context)).await.body
}

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut calls: Vec<_> = paths
        .iter()
        .map(|path| Box::pin(upstream.fetch(path)))
        .collect();
    let mut bodies = Vec::with_capacity(paths.len());
    poll_fn(|context| {
        while let Some(call) = calls.get_mut(bodies.len()) {
            bodies.push(ready!(call.as_mut().poll(context)).body);
        }
        Poll::Ready(())
    })
    .await;
    bodies
}

/// The call, and what is to become of its page.
struct Prepared<'a>(Pin<Box<dyn Future<Output = Page> + Send + 'a>>);

impl Future for Prepared<'_> {
    type Output = String;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<String> {
        self.0.as_mut().poll(context).map(|page| page.body)
    }
}

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    Prepared(Box::pin(upstream.fetch(path)))
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_sync_vs_async::grade!();
