//! Polls every call whenever one of them is ready, even those that have failed.

use std::{future::poll_fn, task::Poll};

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let mut calls: Vec<_> = paths
        .iter()
        .map(|path| Box::pin(upstream.get(path)))
        .collect();
    let mut errors = vec![None; paths.len()];
    poll_fn(|context| {
        for (call, slot) in std::iter::zip(&mut calls, &mut errors) {
            match call.as_mut().poll(context) {
                Poll::Ready(Ok(page)) => return Poll::Ready(Some(page)),
                Poll::Ready(Err(error)) => *slot = Some(error),
                Poll::Pending => {}
            }
        }
        if errors.iter().all(Option::is_some) {
            Poll::Ready(None)
        } else {
            Poll::Pending
        }
    })
    .await
    .ok_or(())
    .map_err(|()| errors.into_iter().flatten().collect())
}
