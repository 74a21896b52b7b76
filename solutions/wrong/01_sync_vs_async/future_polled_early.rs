//! Polls once to get the call going. The first poll begins it, and nobody has awaited it yet.

use std::task::Context;

use futures::task::noop_waker_ref;

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    let mut call = Box::pin(async move { upstream.fetch(path).await.body });
    let first = call
        .as_mut()
        .poll(&mut Context::from_waker(noop_waker_ref()));
    async move {
        match first {
            std::task::Poll::Ready(body) => body,
            std::task::Poll::Pending => call.await,
        }
    }
}
