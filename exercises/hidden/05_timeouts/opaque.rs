//! Types that have only what the tasks promise. An answer that adds a bound doesn't compile with them.

use std::{
    cell::{Cell, RefCell},
    marker::{PhantomData, PhantomPinned},
    pin::Pin,
    task::{Context, Poll},
};

use futures::{FutureExt as _, future::BoxFuture};

/// A future that is `Send`, and neither `Sync` nor `Unpin`.
pub struct Opaque<T> {
    // Only ever borrowed for a poll: a pinned value can be reached through a shared reference, but not by value.
    future: RefCell<BoxFuture<'static, T>>,
    _pinned: PhantomPinned,
}

impl<T> Opaque<T> {
    pub(crate) fn new(future: impl Future<Output = T> + Send + 'static) -> Self {
        Self {
            future: RefCell::new(future.boxed()),
            _pinned: PhantomPinned,
        }
    }
}

impl<T> Future for Opaque<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        self.as_ref()
            .get_ref()
            .future
            .borrow_mut()
            .poll_unpin(context)
    }
}

/// The output of work: `Send`, and nothing else.
pub struct Output {
    pub(crate) text: String,
    _not_sync: PhantomData<Cell<()>>,
}

impl Output {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            _not_sync: PhantomData,
        }
    }
}
