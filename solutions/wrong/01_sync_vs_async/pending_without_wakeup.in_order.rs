//! Returns `Pending` when one page is there and the next call could begin. Nothing is left that would wake the
//! function.

use std::{future::poll_fn, task::Poll};

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut calls: Vec<_> = paths
        .iter()
        .map(|path| Box::pin(upstream.fetch(path)))
        .collect();
    let mut bodies = Vec::with_capacity(paths.len());
    poll_fn(|context| {
        if let Some(call) = calls.get_mut(bodies.len())
            && let Poll::Ready(page) = call.as_mut().poll(context)
        {
            bodies.push(page.body);
        }
        match bodies.len() == calls.len() {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
    bodies
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}
