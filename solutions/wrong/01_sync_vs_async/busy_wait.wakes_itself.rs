//! Wakes itself in each poll, to be safe.

use std::{future::poll_fn, pin::pin};

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let mut call = pin!(upstream.fetch(path));
    let page = poll_fn(|context| {
        context.waker().wake_by_ref();
        call.as_mut().poll(context)
    });
    page.await.body
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}
