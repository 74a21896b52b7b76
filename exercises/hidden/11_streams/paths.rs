//! The paths for `process`: they promise only what its signature asks for.

use std::{
    cell::RefCell,
    fmt,
    marker::PhantomPinned,
    pin::Pin,
    task::{Context, Poll},
};

use futures::{Stream, StreamExt as _, stream::BoxStream};

/// A stream that is neither `Sync` nor `Unpin`, and isn't polled again after its end.
pub struct Paths {
    // Borrowed only during a poll. The cell allows polling a stream that isn't `Unpin` without `unsafe`.
    paths: RefCell<BoxStream<'static, String>>,
    _not_unpin: PhantomPinned,
}

impl Paths {
    pub(crate) fn new(paths: impl Stream<Item = String> + Send + 'static) -> Self {
        Self {
            paths: RefCell::new(paths.boxed()),
            _not_unpin: PhantomPinned,
        }
    }
}

impl fmt::Debug for Paths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paths").finish_non_exhaustive()
    }
}

impl Stream for Paths {
    type Item = String;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<String>> {
        self.paths.borrow_mut().poll_next_unpin(context)
    }
}
