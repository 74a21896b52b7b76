//! The hidden tests of `block_on`.
//!
//! A future knows how often it was polled and woken. Where another thread is to wake it, that waits until the thread in
//! `block_on` does nothing but wait, which is a fact and no guess: see `stillness`.

mod faults;
mod several;
mod sleep;
mod watched;

use std::{
    future::poll_fn,
    panic::{self, panic_any},
    rc::Rc,
    sync::{
        Arc, Barrier,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    task::Poll,
    thread,
    time::Duration,
};

use async_workbook::{
    harness::{Task, task},
    verdict::{Fault, ensure},
};

use crate::{Answer, stillness::examine};
use faults::{
    lost_wakeup, needless_poll, panic_swallowed, unpark_taken_as_wake, wake_taken_as_ready,
    wake_without_a_flag, waker_without_effect, wrong_thread_woken,
};
use several::{
    a_poll_can_call_it_again, threads_do_not_disturb_each_other,
    wakers_can_be_called_by_many_and_late,
};
use sleep::{poll_of, sleeps_until_woken};
use watched::Watched;

pub(crate) const TASK: Task<Answer> = task!(
    block_on: a_ready_future_gives_its_output,
    the_thread_sleeps_until_it_is_woken,
    a_wake_during_the_poll_counts,
    an_unpark_is_not_a_wake,
    wakers_can_be_called_by_many_and_late,
    what_parks_in_the_poll_takes_no_wake,
    threads_do_not_disturb_each_other,
    a_poll_can_call_it_again,
    a_panic_goes_on_and_drops_the_future,
)
.isolated();

fn a_ready_future_gives_its_output(answer: &'static Answer) {
    examine(move |stillness| {
        stillness.means(|| wake_taken_as_ready("the future was ready, but the function waited"));
        for number in [3, 40] {
            let text = "x".repeat(number);
            let future = async {
                let one = Rc::new(1);
                std::future::ready(()).await;
                text.len() + *one
            };
            let length = Watched::default().call(answer.block_on, future, unexplained)?;
            assert_eq!(length, number + 1, "the future's own output");
        }
        Ok(())
    });
}

fn the_thread_sleeps_until_it_is_woken(answer: &'static Answer) {
    const CALLS: usize = 3;
    examine(move |stillness| {
        // On a new thread, which nobody has unparked yet.
        let call = |wakes, sleeps_on| {
            let call = || sleeps_until_woken(answer.block_on, stillness, wakes, sleeps_on);
            let called = thread::scope(|scope| scope.spawn(call).join());
            called.unwrap_or_else(|panic| panic::resume_unwind(panic))
        };
        call(1, waker_without_effect)?;
        let mut needless = Vec::new();
        for _ in 0..CALLS {
            let watched = call(1, || {
                wrong_thread_woken(
                    "the first thread that called the function was woken, and those that called it later slept on",
                )
            })?;
            needless.extend((watched.needless() > 0).then_some(watched.polls()));
        }
        // The system may wake a thread without a reason, but not most times.
        ensure(needless.len() <= CALLS / 2, || needless_poll(needless[0]))?;
        call(3, waker_without_effect).map(drop)
    });
}

fn a_wake_during_the_poll_counts(answer: &'static Answer) {
    const ROUNDS: usize = 5;
    examine(move |stillness| {
        let means_lost = |watched: &Watched| {
            let watched = watched.clone();
            stillness.means(move || watched.stuck(lost_wakeup));
        };
        // The future itself, once or twice a poll.
        for (wakes, at_once) in [(1, 1), (3, 1), (2, 2), (100, 1)] {
            let watched = Watched::default();
            means_lost(&watched);
            let future = poll_fn(|context| {
                watched.keep_waker(context);
                if watched.polls() > wakes {
                    return Poll::Ready(());
                }
                for _ in 0..at_once {
                    watched.wake();
                }
                Poll::Pending
            });
            watched.call(answer.block_on, future, unexplained)?;
        }

        // Another thread, while the poll waits for it.
        let (watched, meet) = (Watched::default(), Arc::new(Barrier::new(2)));
        means_lost(&watched);
        let waking = thread::spawn({
            let (watched, meet) = (watched.clone(), Arc::clone(&meet));
            move || {
                for _ in 0..ROUNDS {
                    meet.wait();
                    watched.wake();
                    meet.wait();
                }
            }
        });
        let mut rounds = 0;
        let future = poll_fn(|context| {
            watched.keep_waker(context);
            if rounds == ROUNDS {
                return Poll::Ready(());
            }
            rounds += 1;
            meet.wait();
            meet.wait();
            Poll::Pending
        });
        watched.call(answer.block_on, future, unexplained)?;
        waking.join().expect("it does not panic");
        Ok(())
    });
}

fn an_unpark_is_not_a_wake(answer: &'static Answer) {
    const UNPARKS: usize = 2;
    examine(move |stillness| {
        let watched = Watched::default();
        stillness.means({
            let watched = watched.clone();
            move || {
                watched.stuck(|| {
                    unpark_taken_as_wake("something else unparked the thread, and then the function no longer noticed that its waker was called")
                })
            }
        });
        let caller = thread::current();
        let ready = Arc::new(AtomicBool::new(false));
        let (begin, begun) = mpsc::channel();
        thread::spawn({
            let (watched, stillness) = (watched.clone(), stillness.clone());
            let ready = Arc::clone(&ready);
            move || {
                begun.recv().ok();
                for _ in 0..UNPARKS {
                    stillness.settled();
                    caller.unpark();
                }
                stillness.settled();
                ready.store(true, Ordering::SeqCst);
                watched.wake();
            }
        });
        let future = poll_fn(|context| {
            watched.keep_waker(context);
            begin.send(()).ok();
            poll_of(&ready)
        });
        // It may poll after each: a future has to bear that.
        watched.call(answer.block_on, future, |words| {
            unpark_taken_as_wake(&format!(
                "something other than the waker unparked the thread, and the function panicked with \"{words}\""
            ))
        })
    });
}

/// Takes the token of this thread, if there is one, as everything does that parks it: a channel of `std`, or a scope of
/// threads.
fn take_token() {
    thread::park_timeout(Duration::ZERO);
}

fn what_parks_in_the_poll_takes_no_wake(answer: &'static Answer) {
    examine(move |stillness| {
        let watched = Watched::default();
        stillness.means({
            let watched = watched.clone();
            move || {
                watched.stuck(|| {
                    wake_without_a_flag("the waker was called during a poll that also parked the thread, as a channel of `std` does; that took the token which `unpark` had left, and the wake-up with it")
                })
            }
        });
        let mut polls = 0;
        let future = poll_fn(|context| {
            watched.keep_waker(context);
            polls += 1;
            if polls == 4 {
                return Poll::Ready(());
            }
            watched.wake();
            take_token();
            Poll::Pending
        });
        watched.call(answer.block_on, future, unexplained)
    });
}

/// A panic can be of any type. This one says nothing.
struct Payload(usize);

fn a_panic_goes_on_and_drops_the_future(answer: &'static Answer) {
    examine(move |stillness| {
        for polls in [1, 3] {
            let watched = Watched::default();
            stillness
                .means(|| panic_swallowed("the future panicked, and the function never returned"));
            let future = poll_fn(|context| {
                watched.keep_waker(context);
                if watched.polls() == polls {
                    panic_any(Payload(polls));
                }
                watched.wake();
                Poll::<()>::Pending
            });
            let payload = watched
                .attempt(answer.block_on, future)?
                .expect_err("it returned without an output");
            let payload = payload.downcast::<Payload>();
            ensure(payload.is_ok_and(|payload| payload.0 == polls), || {
                panic_swallowed(
                    "the future panicked with a value of its own type, and the function panicked with something else",
                )
            })?;
        }
        // The thread is as good as before.
        sleeps_until_woken(answer.block_on, stillness, 1, lost_wakeup).map(drop)
    });
}

/// A panic that no test asks for goes on.
fn unexplained(words: &str) -> Fault {
    panic!("{words}")
}
