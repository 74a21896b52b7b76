//! `now_or_never` polls once, with a waker that doesn't wake anything.

use futures::FutureExt as _;
use std::{future::poll_fn, task::Poll};

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let mut calls: Vec<_> = paths
        .iter()
        .map(|path| Box::pin(upstream.get(path)))
        .collect();
    let mut errors = vec![None; paths.len()];
    poll_fn(|_| {
        for (call, slot) in std::iter::zip(&mut calls, &mut errors) {
            if slot.is_some() {
                continue;
            }
            match call.now_or_never() {
                Some(Ok(page)) => return Poll::Ready(Some(page)),
                Some(Err(error)) => *slot = Some(error),
                None => {}
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
