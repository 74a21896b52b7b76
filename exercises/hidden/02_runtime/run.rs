//! The hidden tests of `run`.

use std::{
    cell::Cell,
    future::{pending, poll_fn},
    pin::pin,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    task::Poll,
    thread,
    time::Instant,
};

use async_workbook::{
    harness::{Task, ms, task},
    probes::threads::Polls,
    verdict::{Fault, catch_panic_blocking, ensure, show},
};
use futures::FutureExt as _;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    runtime::{self, Handle},
    sync::{Notify, oneshot},
    task::yield_now,
    time::sleep,
};

use crate::{
    Answer, Opaque, Output, Run,
    drops::Dropped,
    faults::{
        future_polled_outside_runtime, given_up_too_early, over_too_soon, runtime_leaked,
        runtime_never_driven, wrong_runtime_used,
    },
    panics::known,
    runtimes::{a_day, on_other_runtimes, on_the_pool, outside, runtime},
    stillness::{Stillness, examine},
};

pub(crate) const TASK: Task<Answer> = task!(
    run: a_future_is_driven_to_its_end,
    timers_and_sockets_work,
    a_long_wait_is_waited_for,
    spawned_tasks_are_driven,
    nothing_is_left_behind,
    inside_a_runtime_it_panics,
)
.isolated();

/// Has the code under study run a future, and looks at where it was polled.
///
/// The future need be neither `'static` nor `Send`.
fn drive<T>(run: Run, future: impl Future<Output = T>) -> Result<T, Fault> {
    let polls = Polls::new();
    let (output, unwakeable) = (Cell::new(None), Cell::new(false));
    let mut future = future.boxed_local();
    let watched = polls.watch("future", async {
        let polled = poll_fn(|context| {
            // A waker like that wakes nobody.
            if context.waker().data().is_null() {
                unwakeable.set(true);
            }
            future.as_mut().poll(context)
        });
        output.set(Some(polled.await));
        Output::new()
    });
    let watched = Opaque::new(watched.boxed_local());
    let returned = catch_panic_blocking(|| run(watched));
    let output = output.take();
    returned.map_err(|message| {
        let begun = !polls.all().is_empty();
        match known(&message, outside(&polls)) {
            None if begun && output.is_none() => given_up_too_early(&format!(
                "while the future waited, the function panicked with \"{message}\""
            )),
            known => known.unwrap_or_else(|| panic!("{message}")),
        }
    })?;
    ensure(!outside(&polls), || {
        future_polled_outside_runtime(
            "the future was polled to its end, but outside any tokio runtime",
        )
    })?;
    ensure(!unwakeable.get(), || {
        polled_in_vain("the future was polled with a waker that does nothing")
    })?;
    show(|| {
        polls.drawing(|poll| {
            let name = if poll.thread == thread::current().id() {
                "the thread that called"
            } else {
                "another thread"
            };
            name.into()
        })
    });
    // Only the future can make an `Output`.
    Ok(output.expect("the future has ended"))
}

fn a_future_is_driven_to_its_end(answer: &'static Answer) {
    examine(move |stillness| {
        stillness.means(|| {
            runtime_never_driven(
                "a thread outside the runtime woke the future, but nobody polled it again",
            )
        });
        for number in [3, 40, 500] {
            // Neither `'static` nor `Send`: it is polled on this thread.
            let text = "x".repeat(number);
            let length = drive(answer.run, async {
                let one = Rc::new(1);
                for _ in 0..number {
                    yield_now().await;
                }
                text.len() + *one
            })?;
            assert_eq!(length, number + 1, "the future's own output");

            let (sender, receiver) = oneshot::channel();
            let (waits, waiting) = mpsc::channel();
            let other = thread::spawn(move || {
                // Sent once the future is being polled, from a thread that no runtime knows.
                if waiting.recv().is_ok() {
                    sender.send(number).ok();
                }
            });
            let received = drive(answer.run, async {
                waits.send(()).ok();
                receiver.await.ok()
            });
            drop(waits);
            other.join().expect("it does not panic");
            assert_eq!(received?, Some(number), "what the other thread sent");
        }
        Ok(())
    });
}

fn timers_and_sockets_work(answer: &'static Answer) {
    examine(move |stillness| {
        stillness.means(|| {
            runtime_never_driven(
                "the future waits for a timer or a socket, but nothing drives those",
            )
        });
        for millis in [1, 30] {
            let took = drive(answer.run, async {
                let start = Instant::now();
                sleep(ms(millis)).await;
                start.elapsed()
            })?;
            ensure(took >= ms(millis), || over_too_soon(ms(millis), took))?;
        }
        let echo = async {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
            let mut client = TcpStream::connect(listener.local_addr()?).await?;
            let (mut server, _) = listener.accept().await?;
            client.write_all(b"who polls?").await?;
            let mut text = [0; 10];
            server.read_exact(&mut text).await?;
            Ok::<_, std::io::Error>(text)
        };
        let echoed = stillness.look_away(|| drive(answer.run, echo))?;
        assert_eq!(&echoed.expect("loopback is there"), b"who polls?");
        Ok(())
    });
}

fn a_long_wait_is_waited_for(answer: &'static Answer) {
    examine(move |stillness| {
        stillness
            .means(|| runtime_never_driven("the future waits for a timer, but nothing fires it"));
        drive(answer.run, a_day())?;
        // Where the clock can't be paused, it waits until nothing else goes on.
        let held = Held::new(stillness);
        drive(answer.run, held.wait())?;
        held.not_in_vain()
    });
}

/// A wait that ends when nothing else goes on, or when it has been polled over and over.
#[derive(Clone, Default)]
struct Held {
    released: Arc<Notify>,
    polls: Arc<AtomicUsize>,
}

impl Held {
    /// More polls than code makes that wakes itself with a timer now and then.
    const IN_VAIN: usize = 300;

    fn new(stillness: &Stillness) -> Self {
        let held = Self::default();
        let released = Arc::clone(&held.released);
        stillness.releases(move || released.notify_one());
        held
    }

    fn wait(&self) -> impl Future<Output = ()> + use<> {
        let held = self.clone();
        async move {
            let mut released = pin!(held.released.notified());
            poll_fn(|context| {
                let polls = held.polls.fetch_add(1, Ordering::SeqCst);
                match released.as_mut().poll(context) {
                    Poll::Pending if polls < Self::IN_VAIN => Poll::Pending,
                    _ => Poll::Ready(()),
                }
            })
            .await;
        }
    }

    fn not_in_vain(&self) -> Result<(), Fault> {
        ensure(self.polls.load(Ordering::SeqCst) <= Self::IN_VAIN, || {
            polled_in_vain("the future was polled over and over, though nothing had woken it")
        })
    }
}

fn polled_in_vain(happened: &str) -> Fault {
    future_polled_outside_runtime(happened)
        .next("replace the loop with `block_on` on a tokio `Runtime`, which polls a future again only once something has woken it")
}

fn spawned_tasks_are_driven(answer: &'static Answer) {
    examine(move |stillness| {
        stillness.means(|| {
            runtime_never_driven(
                "the future awaits a task that it spawned, but nobody polls that task",
            )
        });
        for count in [1, 5] {
            let sum = drive(answer.run, async {
                let task = |number: u64| {
                    tokio::spawn(async move {
                        yield_now().await;
                        sleep(ms(1)).await;
                        number
                    })
                };
                let tasks: Vec<_> = (1..=count).map(task).collect();
                let mut sum = 0;
                for task in tasks {
                    sum += task.await.expect("it does not panic");
                }
                sum
            })?;
            assert_eq!(sum, count * (count + 1) / 2, "what the tasks gave");
        }
        Ok(())
    });
}

/// Has the function run a future that spawns a task which never ends. Returns the runtime that it was on, and whether
/// the task has been dropped.
fn leave_a_task(
    run: Run,
    stillness: &Stillness,
    turns: usize,
) -> Result<(runtime::Id, bool), Fault> {
    let dropped = Dropped::default();
    let guard = dropped.guard(stillness);
    let id = drive(run, async {
        tokio::spawn(async move {
            let _guard = guard;
            pending::<()>().await;
        });
        // The task may have been polled by now, or not.
        for _ in 0..turns {
            yield_now().await;
        }
        Handle::current().id()
    })?;
    Ok((id, dropped.get()))
}

/// Has the function run a future that spawns a task which always has more to do. The task ends only if the thread that
/// called goes on polling it after the future is done, which it would do for ever.
fn leave_a_restless_task(run: Run) -> Result<(), Fault> {
    const TURNS: usize = 10_000;
    let (done, kept_on) = (Flag::default(), Flag::default());
    let caller = thread::current().id();
    let task = {
        let (done, kept_on) = (Arc::clone(&done), Arc::clone(&kept_on));
        async move {
            let mut turns = 0;
            while turns < TURNS {
                yield_now().await;
                let by_caller = thread::current().id() == caller;
                turns += usize::from(by_caller && done.load(Ordering::SeqCst));
            }
            kept_on.store(true, Ordering::SeqCst);
        }
    };
    drive(run, async {
        tokio::spawn(task);
        yield_now().await;
        done.store(true, Ordering::SeqCst);
    })?;
    ensure(!kept_on.load(Ordering::SeqCst), || {
        needless_wait_for_tasks(
            "the future was done, but the function kept polling a task that the future had spawned and not awaited",
        )
    })
}

type Flag = Arc<AtomicBool>;

fn needless_wait_for_tasks(happened: &str) -> Fault {
    Fault::new("needless_wait_for_tasks")
        .happened(happened)
        .expected("the function returns when the future is done, and drops the tasks that are left")
        .next("return as soon as `block_on` does: dropping the runtime drops its tasks")
}

fn left_behind() -> Fault {
    runtime_leaked("the function returned, but a task that its future had spawned was still alive")
}

fn nothing_is_left_behind(answer: &'static Answer) {
    examine(move |stillness| {
        stillness.means(|| {
            needless_wait_for_tasks("the function waited for a task that its future had spawned and not awaited, and that never ends")
        });
        leave_a_restless_task(answer.run)?;
        for turns in [0, 1, 20] {
            let (_, dropped) = leave_a_task(answer.run, stillness, turns)?;
            ensure(dropped, left_behind)?;
        }
        // A thread of a pool for blocking calls is in the context of a runtime, but may block.
        let (outer, run) = (runtime(1), answer.run);
        let (id, dropped) = on_the_pool(&outer, {
            let stillness = stillness.clone();
            move || leave_a_task(run, &stillness, 1)
        })?;
        ensure(id != outer.handle().id(), || {
            wrong_runtime_used(
                "a thread of another runtime's pool for blocking calls called the function, and the function used that runtime",
            )
        })?;
        ensure(dropped, left_behind)
    });
}

fn inside_a_runtime_it_panics(answer: &'static Answer) {
    examine(move |stillness| {
        stillness
            .means(|| runtime_never_driven("the future waits for a timer, but nothing fires it"));
        let (outer, run) = (runtime(2), answer.run);
        let polls = Polls::new();
        let held = Held::new(stillness);
        let wait = held.wait();
        let future = polls.watch("future", async {
            sleep(ms(1)).await;
            wait.await;
        });
        let task = outer.spawn(async move {
            // What it says when it panics doesn't matter.
            let future = future.map(|()| Output::new()).boxed_local();
            catch_panic_blocking(|| run(Opaque::new(future))).is_err()
        });
        let panicked = outer.block_on(task).expect("the panic was caught");
        held.not_in_vain()?;
        ensure(!on_other_runtimes(&polls, outer.handle().id()), || {
            blocking_call_in_async_code(
                "called in a task, the function ran its future to the end, and kept that worker from all other tasks",
            )
        })?;
        ensure(polls.all().is_empty(), || {
            future_polled_outside_runtime(
                "called in a task, the function polled its future itself, without a runtime",
            )
        })?;
        ensure(panicked, || {
            blocking_call_in_async_code(
                "called in a task, the function returned instead of panicking",
            )
        })
    });
}

fn blocking_call_in_async_code(happened: &str) -> Fault {
    Fault::new("blocking_call_in_async_code")
        .happened(happened)
        .expected("the function panics before it polls anything, because a worker that waits can't poll other tasks")
        .next("call `block_on` on the new runtime, with nothing around it: it panics where it must")
}
