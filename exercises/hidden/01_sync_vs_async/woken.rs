//! Polls a future when it was woken, and for no other reason.
//!
//! An executor owes it no other poll. One that comes by luck, such as for the sake of a future that it is joined with,
//! hides that nobody would have woken it.

use std::{
    cell::RefCell,
    pin::Pin,
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use futures::task::AtomicWaker;

/// A future that is polled at first, and then each time that it was woken.
pub(crate) struct WhenWoken<'a, T> {
    future: Pin<Box<dyn Future<Output = T> + 'a>>,
    wakes: Arc<Wakes>,
}

struct Wakes {
    woken: AtomicBool,
    /// Whoever polls the whole.
    outer: AtomicWaker,
}

thread_local! {
    /// Those of the futures that a hidden test, which has a thread of its own, has made.
    static ALL: RefCell<Vec<Weak<Wakes>>> = const { RefCell::new(Vec::new()) };
}

impl<'a, T> WhenWoken<'a, T> {
    pub(crate) fn new(future: impl Future<Output = T> + 'a) -> Self {
        let wakes = Arc::new(Wakes {
            woken: AtomicBool::new(true),
            outer: AtomicWaker::new(),
        });
        ALL.with_borrow_mut(|all| {
            all.retain(|wakes| wakes.strong_count() > 0);
            all.push(Arc::downgrade(&wakes));
        });
        Self {
            future: Box::pin(future),
            wakes,
        }
    }
}

/// Wakes every future of this test, though nothing has happened that it could have waited for.
pub(crate) fn wake_all() {
    let all = ALL.with_borrow(Clone::clone);
    for wakes in all.iter().filter_map(Weak::upgrade) {
        wakes.wake();
    }
}

impl<T> Future for WhenWoken<'_, T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        // In this order: a wake-up between the two is not lost.
        self.wakes.outer.register(context.waker());
        if !self.wakes.woken.swap(false, Ordering::AcqRel) {
            return Poll::Pending;
        }
        let waker = Waker::from(Arc::clone(&self.wakes));
        self.future.as_mut().poll(&mut Context::from_waker(&waker))
    }
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        self.outer.wake();
    }
}
