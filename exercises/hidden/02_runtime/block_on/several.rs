//! Several wakers, several threads, and a call inside another.

use std::{
    future::poll_fn,
    panic,
    sync::{
        Barrier,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    task::Poll,
    thread,
};

use async_workbook::verdict::Fault;

use super::{
    faults::{
        lost_wakeup, nested_call_not_supported, unrequested_concurrency_limit, wrong_thread_woken,
    },
    sleep::{poll_of, sleeps_until_woken, woken},
    unexplained,
    watched::Watched,
};
use crate::{
    Answer, Run,
    runtimes::{on_the_pool, runtime},
    stillness::{Stillness, examine},
};

pub(crate) fn wakers_can_be_called_by_many_and_late(answer: &'static Answer) {
    const THREADS: usize = 8;
    examine(move |stillness| {
        for _ in 0..20 {
            let watched = Watched::default();
            stillness.means({
                let watched = watched.clone();
                move || watched.stuck(lost_wakeup)
            });
            let (woke, meet) = (AtomicUsize::new(0), Barrier::new(THREADS + 1));
            thread::scope(|scope| {
                for _ in 0..THREADS {
                    scope.spawn(|| {
                        meet.wait();
                        woke.fetch_add(1, Ordering::SeqCst);
                        watched.wake();
                    });
                }
                let mut met = false;
                let future = poll_fn(|context| {
                    watched.keep_waker(context);
                    if !met {
                        met = true;
                        meet.wait();
                    }
                    if woke.load(Ordering::SeqCst) == THREADS {
                        Poll::Ready(())
                    } else {
                        Poll::Pending
                    }
                });
                watched.call(answer.block_on, future, unexplained)
            })?;
            // The call is over, but whoever kept a waker doesn't know.
            watched.wake();
            thread::scope(|scope| scope.spawn(|| watched.wake()).join())
                .expect("its panics are caught");
            watched.wakes_did_not_panic()?;
        }
        sleeps_until_woken(answer.block_on, stillness, 1, lost_wakeup).map(drop)
    });
}

pub(crate) fn threads_do_not_disturb_each_other(answer: &'static Answer) {
    // A wake-up that meets any of the threads meets the right one now and then.
    const TIMES: usize = 4;
    examine(move |stillness| {
        (0..TIMES).try_for_each(|_| threads_sleep_together(answer.block_on, stillness))
    });
}

/// Several threads sleep in the code under study at the same time, and are woken one by one.
fn threads_sleep_together(block_on: Run, stillness: &Stillness) -> Result<(), Fault> {
    const THREADS: usize = 5;
    stillness.means(unrequested_concurrency_limit);
    let meet = Barrier::new(THREADS);
    let (begin, begun) = mpsc::channel();
    let calls: [(Watched, AtomicBool); THREADS] = Default::default();
    let call = |(watched, ready): &(Watched, AtomicBool), begin: mpsc::Sender<()>| {
        let future = poll_fn(|context| {
            watched.keep_waker(context);
            if watched.polls() == 1 {
                meet.wait();
                begin.send(()).ok();
            }
            poll_of(ready)
        });
        watched.call(block_on, future, unexplained)
    };
    thread::scope(|scope| {
        let call = &call;
        let spawn = |of_thread| {
            let begin = begin.clone();
            scope.spawn(move || call(of_thread, begin))
        };
        let mut callers: Vec<_> = calls.iter().map(spawn).collect();
        for _ in 0..THREADS {
            begun.recv().expect("the sender is kept");
        }
        stillness.means(|| {
            wrong_thread_woken("of several threads in `block_on`, one was to be woken: its waker was called, and it slept on")
        });
        stillness.settled();
        // The last comes first.
        while let Some(caller) = callers.pop() {
            let (watched, ready) = &calls[callers.len()];
            ready.store(true, Ordering::SeqCst);
            watched.wake();
            let called = caller.join();
            called.unwrap_or_else(|panic| panic::resume_unwind(panic))?;
        }
        Ok(())
    })
}

pub(crate) fn a_poll_can_call_it_again(answer: &'static Answer) {
    examine(move |stillness| {
        let (outer, inner) = (Watched::default(), Watched::default());
        stillness.means({
            let (outer, inner) = (outer.clone(), inner.clone());
            move || {
                nested_call_not_supported(if outer.polls() > 0 && inner.polls() == 0 {
                    "a poll called the function for another future, which was never polled"
                } else {
                    "a poll called the function for another future; both futures were woken, but one of them wasn't polled again"
                })
            }
        });
        let panicked = |words: &str| {
            nested_call_not_supported(&format!(
                "a poll called the function for another future, and it panicked with \"{words}\""
            ))
        };
        let mut is_first = true;
        let future = poll_fn(|context| {
            outer.keep_waker(context);
            if !is_first {
                return Poll::Ready(Ok(()));
            }
            is_first = false;
            // Both are woken while the inner call waits.
            let (woken, _) = woken(&inner, stillness, 2);
            let mut woken = Box::pin(woken);
            let future = poll_fn(|context| {
                if inner.polls() == 2 {
                    outer.wake();
                }
                woken.as_mut().poll(context)
            });
            match inner.call(answer.block_on, future, panicked) {
                Ok(()) => Poll::Pending,
                Err(fault) => Poll::Ready(Err(fault)),
            }
        });
        outer.call(answer.block_on, future, panicked)??;

        // A thread of a pool for blocking calls is in the context of a runtime, but may block.
        let (outer, block_on) = (runtime(1), answer.block_on);
        on_the_pool(&outer, {
            let stillness = stillness.clone();
            move || {
                let watched = Watched::default();
                let (woken, _) = woken(&watched, &stillness, 2);
                watched.call(block_on, woken, unexplained)
            }
        })
    });
}
