//! Futures that another thread wakes while the thread in `block_on` sleeps.

use std::{
    future::poll_fn,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    task::Poll,
    thread,
};

use async_workbook::verdict::Fault;

use super::{
    faults::{busy_wait, polled_on_a_timer, wake_taken_as_ready, wrong_thread_woken},
    watched::Watched,
};
use crate::{Run, stillness::Stillness};

/// A future that is pending until another thread has woken it this often, each time once everything else waits.
pub(crate) fn woken(
    watched: &Watched,
    stillness: &Stillness,
    wakes: usize,
) -> (impl Future<Output = ()> + use<>, Arc<AtomicBool>) {
    let (given, unparked) = (Arc::new(AtomicUsize::new(0)), Arc::<AtomicBool>::default());
    let (begin, begun) = mpsc::channel();
    thread::spawn({
        let (watched, stillness) = (watched.clone(), stillness.clone());
        let (given, unparked) = (Arc::clone(&given), Arc::clone(&unparked));
        move || {
            for _ in 0..wakes {
                // The sender is dropped with the future.
                if begun.recv().is_err() {
                    return;
                }
                stillness.settled();
                given.fetch_add(1, Ordering::SeqCst);
                watched.wake();
            }
            // Whoever unparks this thread means another.
            thread::park();
            unparked.store(true, Ordering::SeqCst);
        }
    });
    let watched = watched.clone();
    let future = poll_fn(move |context| {
        watched.keep_waker(context);
        begin.send(()).ok();
        if given.load(Ordering::SeqCst) == wakes {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    });
    (future, unparked)
}

/// Has the code under study wait for wake-ups, and looks at what its thread does meanwhile. Says what it means if none of
/// them wakes it.
pub(crate) fn sleeps_until_woken(
    block_on: Run,
    stillness: &Stillness,
    wakes: usize,
    sleeps_on: fn() -> Fault,
) -> Result<Watched, Fault> {
    let watched = Watched::default();
    let (future, unparked) = woken(&watched, stillness, wakes);
    stillness.means({
        let watched = watched.clone();
        move || {
            watched.stuck(|| {
                if unparked.load(Ordering::SeqCst) {
                    wrong_thread_woken("the waker woke the thread that called it, and the thread in `block_on` slept on")
                } else {
                    sleeps_on()
                }
            })
        }
    });
    let restless = || busy_wait("while the future waited, its thread kept a processor busy");
    stillness.asleep(polled_on_a_timer, restless, || {
        watched.call(block_on, future, |words| {
            wake_taken_as_ready(&format!(
                "the future was woken, and the function panicked with \"{words}\""
            ))
        })
    })?;
    Ok(watched)
}

pub(crate) fn poll_of(ready: &AtomicBool) -> Poll<()> {
    if ready.load(Ordering::SeqCst) {
        Poll::Ready(())
    } else {
        Poll::Pending
    }
}
