//! Types with only what the tasks promise, so an answer that adds a bound doesn't compile.

use std::{
    cell::RefCell,
    marker::{PhantomData, PhantomPinned},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

/// A future that isn't `Unpin`, like the futures of async functions.
pub struct Opaque<F> {
    // Only ever borrowed for a poll: once pinned, it can be reached through a shared reference, but not by value.
    future: RefCell<F>,
    _pinned: PhantomPinned,
}

impl<F> Opaque<F> {
    pub(crate) fn new(future: F) -> Self {
        Self {
            future: RefCell::new(future),
            _pinned: PhantomPinned,
        }
    }
}

impl<F: Future + Unpin> Future for Opaque<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.as_ref().get_ref();
        Pin::new(&mut *this.future.borrow_mut()).poll(context)
    }
}

/// The output of a future: neither `Send` nor `Clone`, and only the hidden tests can make one.
pub struct Output(PhantomData<Rc<()>>);

impl Output {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}
