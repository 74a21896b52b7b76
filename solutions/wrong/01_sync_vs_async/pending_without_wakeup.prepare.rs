//! A future written by hand, which polls the call with a context of its own instead of the caller's.

use std::{
    pin::Pin,
    task::{Context, Poll, Waker},
};

use async_workbook::services::upstream::Page;

struct Prepared<'a>(Pin<Box<dyn Future<Output = Page> + 'a>>);

impl Future for Prepared<'_> {
    type Output = String;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<String> {
        let mut context = Context::from_waker(Waker::noop());
        self.0.as_mut().poll(&mut context).map(|page| page.body)
    }
}

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    Prepared(Box::pin(upstream.fetch(path)))
}
