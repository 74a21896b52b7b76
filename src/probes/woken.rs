//! Polls a future when it was woken, and for no other reason, as an executor may.
//!
//! An executor owes a future no other poll. One that comes by luck, for the sake of a timer beside it, say, hides that
//! nobody would have woken it.
//!
//! ```
//! use std::{future::poll_fn, task::Poll, time::Duration};
//!
//! use async_workbook::probes::woken::WhenWoken;
//! use tokio::{task::yield_now, time::timeout};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! // It returns `Pending` once, and arranges no wake-up.
//! let mut polls = 0;
//! let forgetful = poll_fn(|_| {
//!     polls += 1;
//!     if polls == 1 { Poll::Pending } else { Poll::Ready(()) }
//! });
//! let mut forgetful = WhenWoken::new(forgetful);
//! let wakes = forgetful.wakes();
//!
//! let waited = timeout(Duration::from_secs(3600), &mut forgetful).await;
//! assert!(waited.is_err(), "the timer polls it too, and that does not count");
//! wakes.wake_for_no_reason();
//! forgetful.await;
//! # }
//! ```

use std::{
    fmt,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use futures::task::AtomicWaker;

/// A future that is polled once at first, and then after each time that its waker was called.
///
/// # Cancel safety
///
/// Dropping it drops the future inside; nothing else is lost.
pub struct WhenWoken<'a, T> {
    future: Pin<Box<dyn Future<Output = T> + 'a>>,
    wakes: Arc<Wakes>,
}

/// How a future was woken.
#[derive(Debug, Default)]
pub struct Wakes {
    woken: AtomicBool,
    is_polled: AtomicBool,
    woke_itself: AtomicBool,
    /// Whoever polls the whole.
    outer: AtomicWaker,
}

impl<'a, T> WhenWoken<'a, T> {
    /// Watches over `future`, which may stay where it is: it is boxed.
    pub fn new(future: impl Future<Output = T> + 'a) -> Self {
        let wakes = Arc::<Wakes>::default();
        wakes.woken.store(true, Ordering::Release);
        Self {
            future: Box::pin(future),
            wakes,
        }
    }

    /// How it is woken, to be asked while it waits or after it has ended.
    #[must_use]
    pub fn wakes(&self) -> Arc<Wakes> {
        Arc::clone(&self.wakes)
    }

    /// Whether it was woken since its last poll. If not, whoever asks is woken when it is.
    pub(super) fn is_woken(&self, context: &Context<'_>) -> bool {
        self.wakes.outer.register(context.waker());
        self.wakes.woken.load(Ordering::Acquire)
    }
}

impl<T> fmt::Debug for WhenWoken<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WhenWoken")
            .field("wakes", &self.wakes)
            .finish_non_exhaustive()
    }
}

impl Wakes {
    /// Has the future polled, although nothing has happened that it could have waited for. One that goes on now had
    /// arranged no wake-up.
    pub fn wake_for_no_reason(&self) {
        self.woken.store(true, Ordering::Release);
        self.outer.wake();
    }

    /// Whether it was woken while it was being polled, and so by what it did itself.
    #[must_use]
    pub fn woke_itself(&self) -> bool {
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
        self.wakes.is_polled.store(true, Ordering::Release);
        let output = self.future.as_mut().poll(&mut Context::from_waker(&waker));
        self.wakes.is_polled.store(false, Ordering::Release);
        output
    }
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        if self.is_polled.load(Ordering::Acquire) {
            self.woke_itself.store(true, Ordering::Release);
        }
        self.woken.store(true, Ordering::Release);
        self.outer.wake();
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::{pending, poll_fn},
        time::Duration,
    };

    use tokio::{
        task::yield_now,
        time::{sleep, timeout},
    };

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_woken_is_polled() {
        let code = WhenWoken::new(async {
            sleep(Duration::from_secs(1)).await;
            7
        });
        let wakes = code.wakes();
        assert_eq!(code.await, 7);
        assert!(!wakes.woke_itself(), "a timer woke it");
    }

    #[tokio::test(start_paused = true)]
    async fn a_poll_for_another_futures_sake_is_passed_over() {
        let mut polls = 0;
        let code = poll_fn(|_| {
            polls += 1;
            Poll::<()>::Pending
        });
        let mut code = WhenWoken::new(code);
        for _ in 0..3 {
            let waited = timeout(Duration::from_secs(1), &mut code).await;
            assert!(waited.is_err());
        }
        drop(code);
        assert_eq!(polls, 1);
    }

    #[tokio::test]
    async fn a_wake_up_during_a_poll_is_kept_and_told_apart() {
        let code = WhenWoken::new(yield_now());
        let wakes = code.wakes();
        code.await;
        // Tokio defers the wake-up of `yield_now` until after the poll: it is the runtime's.
        assert!(!wakes.woke_itself());

        let mut polls = 0;
        let code = WhenWoken::new(poll_fn(|context| {
            polls += 1;
            context.waker().wake_by_ref();
            if polls == 3 {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        }));
        let wakes = code.wakes();
        code.await;
        assert!(wakes.woke_itself());
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_it_drops_the_future() {
        let held = Arc::new(());
        let kept = Arc::clone(&held);
        let code = WhenWoken::new(async move {
            let _kept = kept;
            pending::<()>().await;
        });
        assert_eq!(Arc::strong_count(&held), 2);
        drop(code);
        assert_eq!(Arc::strong_count(&held), 1);
    }
}
