//! Polls with a waker that doesn't wake anything.

use std::{
    future::poll_fn,
    task::{Context, Poll, Waker},
};

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let mut calls: Vec<_> = paths
        .iter()
        .map(|path| Box::pin(upstream.fetch(path)))
        .collect();
    let mut pages = vec![None; calls.len()];
    poll_fn(|_| {
        let mut context = Context::from_waker(Waker::noop());
        for (call, page) in std::iter::zip(&mut calls, &mut pages) {
            if page.is_none()
                && let Poll::Ready(ready) = call.as_mut().poll(&mut context)
            {
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
