//! Drops a future after so many polls.

use std::{future::poll_fn, pin::pin, task::Poll};

/// What is under way when a future is dropped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Dropped {
    /// It has just been polled, and what it asked for is under way.
    Waiting,
    /// What it asked for is done, and it would have been polled next.
    Woken,
}

impl Dropped {
    pub(crate) const BOTH: [Self; 2] = [Self::Waiting, Self::Woken];
}

/// Whether enough calls have come to their end. SQLite may have answered before the question is polled for the first time,
/// so one call needs fewer polls than another.
#[derive(Debug, Default)]
pub(crate) struct Over(usize);

impl Over {
    /// Notes whether a call has ended before it was interrupted. Returns whether several in a row have.
    pub(crate) fn note(&mut self, ended: bool) -> bool {
        self.0 = if ended { self.0 + 1 } else { 0 };
        self.0 >= 4
    }
}

/// Polls a future so many times, each time that it's woken, and then drops it: `None`. If it ends before, returns its
/// output.
pub(crate) async fn polled<F: Future>(
    future: F,
    polls: usize,
    dropped: Dropped,
) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 && dropped == Dropped::Waiting => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
