//! Polls every call whenever one of them is ready, even those that have ended.

use std::{future::poll_fn, task::Poll};

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let mut calls: Vec<_> = paths
        .iter()
        .map(|path| Box::pin(upstream.fetch(path)))
        .collect();
    let mut pages = vec![None; calls.len()];
    poll_fn(|context| {
        for (call, page) in std::iter::zip(&mut calls, &mut pages) {
            if let Poll::Ready(ready) = call.as_mut().poll(context) {
                *page = Some(ready);
            }
        }
        if pages.iter().all(Option::is_some) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    pages.into_iter().flatten().collect()
}
