//! One call of `block_on`, and what is seen of it: polls, wake-ups, and the end of the future.

use std::{
    any::Any,
    cell::Cell,
    future::poll_fn,
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use async_workbook::verdict::{Fault, catch_panic_blocking, ensure};
use futures::{FutureExt as _, executor::enter};
use tokio::runtime::Handle;

use super::faults::{
    blocking_call_in_wake, busy_wait, future_leaked, library_executor_used, panic_in_wake,
    waker_assumed_gone,
};
use crate::{
    Opaque, Output, Run,
    panics::{known, words_of},
};

/// What is seen of one call. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Watched(Arc<Seen>);

#[derive(Default)]
struct Seen {
    polls: AtomicUsize,
    /// Polls though nothing had woken the future since the poll before.
    needless: AtomicUsize,
    woken: AtomicBool,
    wakes: AtomicUsize,
    /// How many wakers are being called just now.
    waking: AtomicUsize,
    wake_panicked: Mutex<Option<String>>,
    /// Of the most recent poll: no other has to wake anything.
    waker: Mutex<Option<Waker>>,
    ended: AtomicBool,
    drops: AtomicUsize,
}

/// What the call came to, if it panicked.
pub(crate) type Payload = Box<dyn Any + Send>;

impl Watched {
    /// More polls in vain than a thread makes that others unpark now and then.
    const IN_VAIN: usize = 300;

    /// Has the code under study run this future. It need be neither `'static` nor `Send` nor `Unpin`.
    pub(crate) fn call<T>(
        &self,
        block_on: Run,
        future: impl Future<Output = T>,
        panic_means: impl FnOnce(&str) -> Fault,
    ) -> Result<T, Fault> {
        self.attempt(block_on, future)?.map_err(|payload| {
            let words = words_of(payload);
            if known(&words, false).is_some() {
                return library_executor_used(&format!("the function panicked with \"{words}\""));
            }
            if self.has_ended() {
                return waker_assumed_gone(&format!(
                    "the future had ended, and then the function panicked with \"{words}\", while something still kept a waker"
                ));
            }
            panic_means(&words)
        })
    }

    /// The same, if the future itself may panic.
    pub(crate) fn attempt<T>(
        &self,
        block_on: Run,
        future: impl Future<Output = T>,
    ) -> Result<Result<T, Payload>, Fault> {
        let context = || Handle::try_current().ok().map(|runtime| runtime.id());
        let caller = context();
        let (output, executor, in_vain) = (Cell::new(None), Cell::new(None), Cell::new(false));
        let polled = {
            let (output, executor, in_vain, end) = (&output, &executor, &in_vain, End(self));
            let mut future = future.boxed_local();
            poll_fn(move |cx| {
                // All of it is moved in, so it's dropped with the future.
                let End(seen) = &end;
                seen.begin_poll();
                if context() != caller {
                    executor.set(Some("a tokio runtime"));
                } else if enter().is_err() {
                    executor.set(Some("an executor of the `futures` crate"));
                }
                if seen.needless() > Self::IN_VAIN {
                    in_vain.set(true);
                    return Poll::Ready(Output::new());
                }
                future.as_mut().poll(cx).map(|gave| {
                    output.set(Some(gave));
                    seen.0.ended.store(true, Ordering::SeqCst);
                    Output::new()
                })
            })
        };
        let polled = Opaque::new(polled.boxed_local());
        let returned = panic::catch_unwind(AssertUnwindSafe(|| block_on(polled)));
        if let Some(executor) = executor.get() {
            return Err(library_executor_used(&format!(
                "{executor} polled the future"
            )));
        }
        ensure(!in_vain.get(), || {
            let times = Self::IN_VAIN;
            busy_wait(&format!(
                "the future was polled {times} times, though nothing had woken it"
            ))
        })?;
        self.wakes_did_not_panic()?;
        let drops = self.0.drops.load(Ordering::SeqCst);
        ensure(drops == 1, || future_leaked(returned.is_err()))?;
        Ok(returned.map(|_| output.take().expect("only its future makes an `Output`")))
    }

    fn begin_poll(&self) {
        let polls = self.0.polls.fetch_add(1, Ordering::SeqCst);
        if polls > 0 && !self.0.woken.swap(false, Ordering::SeqCst) {
            self.0.needless.fetch_add(1, Ordering::SeqCst);
        }
    }

    pub(crate) fn polls(&self) -> usize {
        self.0.polls.load(Ordering::SeqCst)
    }

    pub(crate) fn needless(&self) -> usize {
        self.0.needless.load(Ordering::SeqCst)
    }

    fn has_ended(&self) -> bool {
        self.0.ended.load(Ordering::SeqCst)
    }

    /// Keeps the waker of this poll, as a future does before it returns `Pending`.
    pub(crate) fn keep_waker(&self, context: &Context<'_>) {
        *lock(&self.0.waker) = Some(context.waker().clone());
    }

    /// Wakes the future, by the waker of the most recent poll.
    pub(crate) fn wake(&self) {
        let waker = lock(&self.0.waker).clone();
        let waker = waker.expect("a poll keeps its waker before anybody calls it");
        self.0.woken.store(true, Ordering::SeqCst);
        self.0.waking.fetch_add(1, Ordering::SeqCst);
        let by_value = self
            .0
            .wakes
            .fetch_add(1, Ordering::SeqCst)
            .is_multiple_of(2);
        let woke = catch_panic_blocking(|| {
            if by_value {
                waker.wake();
            } else {
                waker.wake_by_ref();
            }
        });
        self.0.waking.fetch_sub(1, Ordering::SeqCst);
        if let Err(words) = woke {
            *lock(&self.0.wake_panicked) = Some(words);
        }
    }

    /// What a panic in a call of a waker means, if there was one.
    pub(crate) fn wakes_did_not_panic(&self) -> Result<(), Fault> {
        let panicked = lock(&self.0.wake_panicked).take();
        panicked.map_or(Ok(()), |words| Err(panic_in_wake(&words)))
    }

    /// What it means that nothing goes on any more, which is `otherwise` unless something special is known.
    pub(crate) fn stuck(&self, otherwise: impl FnOnce() -> Fault) -> Fault {
        if self.0.waking.load(Ordering::SeqCst) > 0 {
            blocking_call_in_wake()
        } else if self.has_ended() {
            waker_assumed_gone(
                "the future had ended, but the function didn't return while something still kept a waker",
            )
        } else {
            otherwise()
        }
    }
}

// Held for an assignment, which can't panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts the drops of a future.
struct End<'a>(&'a Watched);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.0.drops.fetch_add(1, Ordering::SeqCst);
    }
}
