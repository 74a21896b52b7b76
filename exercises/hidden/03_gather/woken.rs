//! Polls the code under study when it was woken, and for no other reason, as an executor may.
//!
//! A poll that comes by luck, such as for the sake of a timer beside it, hides that nobody would have woken it.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use futures::{future::LocalBoxFuture, task::AtomicWaker};

/// A future that is polled at first, and then each time that it was woken.
pub(crate) struct WhenWoken<'a, T> {
    code: LocalBoxFuture<'a, T>,
    wakes: Arc<Wakes>,
}

/// How it was woken.
#[derive(Default)]
pub(crate) struct Wakes {
    woken: AtomicBool,
    polled: AtomicBool,
    woke_itself: AtomicBool,
    outer: AtomicWaker,
}

impl<'a, T> WhenWoken<'a, T> {
    pub(crate) fn new(code: LocalBoxFuture<'a, T>) -> Self {
        let wakes = Arc::<Wakes>::default();
        wakes.woken.store(true, Ordering::Release);
        Self { code, wakes }
    }

    pub(crate) fn wakes(&self) -> Arc<Wakes> {
        Arc::clone(&self.wakes)
    }
}

impl Wakes {
    /// Has it polled, though nothing has happened.
    pub(crate) fn wake_for_no_reason(&self) {
        self.woken.store(true, Ordering::Release);
        self.outer.wake();
    }

    /// Whether it was woken while it was polled, by what it did itself.
    pub(crate) fn woke_itself(&self) -> bool {
        self.woke_itself.load(Ordering::Acquire)
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
        self.wakes.polled.store(true, Ordering::Release);
        let output = self.code.as_mut().poll(&mut Context::from_waker(&waker));
        self.wakes.polled.store(false, Ordering::Release);
        output
    }
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        if self.polled.load(Ordering::Acquire) {
            self.woke_itself.store(true, Ordering::Release);
        }
        self.woken.store(true, Ordering::Release);
        self.outer.wake();
    }
}
