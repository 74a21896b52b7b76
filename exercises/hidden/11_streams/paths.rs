//! The paths for `process`: they promise only what its signature asks for.

use std::{
    cell::{Cell, RefCell},
    fmt,
    marker::PhantomPinned,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    task::{Context, Poll, ready},
};

use futures::{Stream, StreamExt as _, stream::BoxStream};

/// A stream that is neither `Sync` nor `Unpin`, and notes it if it's polled again after its end.
pub struct Paths {
    // Borrowed only during a poll. The cell allows polling a stream that isn't `Unpin` without `unsafe`.
    paths: RefCell<BoxStream<'static, String>>,
    ended: Cell<bool>,
    asked_again: Arc<AtomicBool>,
    _not_unpin: PhantomPinned,
}

impl Paths {
    pub(crate) fn new(
        paths: impl Stream<Item = String> + Send + 'static,
        asked_again: Arc<AtomicBool>,
    ) -> Self {
        Self {
            paths: RefCell::new(paths.boxed()),
            ended: Cell::new(false),
            asked_again,
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
        if self.ended.get() {
            self.asked_again.store(true, Relaxed);
            return Poll::Ready(None);
        }
        let path = ready!(self.paths.borrow_mut().poll_next_unpin(context));
        self.ended.set(path.is_none());
        Poll::Ready(path)
    }
}
