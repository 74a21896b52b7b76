//! A future whose code is compiled in this crate.

use std::{
    marker::PhantomPinned,
    pin::Pin,
    task::{Context, Poll},
};

use futures::{FutureExt as _, future::BoxFuture};
use pin_project_lite::pin_project;

pin_project! {
    /// A future whose code is compiled in this crate.
    ///
    /// The code of an async block goes into the crate that polls it, so what a service does in its calls would be compiled
    /// again with each save of an answer. That is a hundred functions of the thousand of a small answer.
    ///
    /// Other than a plain box, this is not `Unpin`: like the async functions that it stands for, it has to be pinned
    /// before it can be awaited through a reference.
    #[must_use = "futures do nothing unless you await them"]
    pub(super) struct Precompiled<'a, T> {
        future: BoxFuture<'a, T>,
        #[pin]
        _pinned: PhantomPinned,
    }
}

impl<'a, T> Precompiled<'a, T> {
    pub(super) fn new(future: impl Future<Output = T> + Send + 'a) -> Self {
        Self {
            future: future.boxed(),
            _pinned: PhantomPinned,
        }
    }
}

impl<T> Future for Precompiled<'_, T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        self.project().future.poll_unpin(context)
    }
}
