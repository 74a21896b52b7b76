//! The hidden tests of chapter 02. They run where no runtime is, as the code under study does: on real
//! threads, and on the real clock. They look at which thread polled what, on which runtime, at what was dropped,
//! and at what panicked, and at no duration: only that a sleep is not over before its time, and is waited for to its
//! end even if that takes a day, where the clock can be paused for it.
//!
//! Code that blocks for ever is stopped by the grader. What that means is said before it is called.

use std::{
    any::Any,
    collections::HashSet,
    future::{pending, poll_fn},
    panic,
    pin::Pin,
    rc::Rc,
    sync::{
        Arc, Barrier,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    task::Waker,
    thread::{self, ThreadId},
    time::{Duration, Instant},
};

use async_workbook::{
    probes::threads::{Poll, Polls},
    services::upstream::{Call, Outcome, Remote, Route},
    verdict::{Fault, IfStopped, catch_panic_blocking, ensure, examine_blocking},
};
use futures::{FutureExt as _, future::LocalBoxFuture, task::noop_waker_ref};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime, RuntimeFlavor},
    sync::oneshot,
    task::yield_now,
    time::{self, sleep},
};

use super::*;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A runtime of the tests' own, with this many workers; with none, the thread in `block_on` does all.
fn runtime(workers: usize) -> Runtime {
    let mut builder = match workers {
        0 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    builder.worker_threads(workers.max(1)).enable_all();
    builder
        .build()
        .expect("a runtime needs nothing but file descriptors and threads")
}

/// Set when it is dropped.
#[derive(Clone, Default)]
struct Dropped(Arc<AtomicBool>);

struct Guard(Dropped);

impl Dropped {
    fn guard(&self) -> Guard {
        Guard(self.clone())
    }

    fn get(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl Drop for Guard {
    #[expect(
        clippy::disallowed_methods,
        reason = "it takes its time, so that whoever does not wait for it comes too early"
    )]
    fn drop(&mut self) {
        thread::sleep(ms(20));
        self.0.0.store(true, Ordering::SeqCst);
    }
}

/// A day on a clock that can be paused, which takes no time. A `multi_thread` runtime has no such clock.
async fn a_day() {
    if Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread {
        time::pause();
        sleep(DAY).await;
        time::resume();
    }
}

/// Calls the code under study. A panic in tokio's own words is a fault; any other goes on.
fn call<T>(code: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_panic_blocking(code).map_err(|message| explained(&message, false))
}

/// What a panic means. One that is not tokio's goes on: the verdict shows the first, which was caught.
fn explained(message: &str, polled_outside: bool) -> Fault {
    known(message, polled_outside).unwrap_or_else(|| panic!("{message}"))
}

/// What a panic in tokio's own words means, which depends on whether anything had been polled outside of any
/// runtime by then.
fn known(message: &str, polled_outside: bool) -> Option<Fault> {
    let words = message.split(". ").next().unwrap_or(message);
    let happened = format!("it panicked with \"{words}\"");
    let fault = if message.contains("there is no reactor running") {
        if polled_outside {
            let happened = format!("the future was polled outside of any runtime, and {happened}");
            return Some(executor_without_runtime(&happened));
        }
        Fault::new("no_reactor")
            .expected("what looks for a runtime (`tokio::spawn`, `sleep`, `Handle::current`) is called where there is one")
            .next("a plain thread is inside no runtime: build one and call its `block_on`, or, where there is a `Handle`, call its methods; a `sleep` is made inside of an async block")
    } else if message.contains("Cannot start a runtime from within a runtime") {
        Fault::new("nested_block_on")
            .expected("a thread that polls futures blocks on none of them")
            .next("call `block_on` once, outside of everything async; inside, `.await` or spawn")
    } else if message.contains("Cannot drop a runtime in a context where blocking is not allowed") {
        Fault::new("runtime_dropped_in_async")
            .expected("a runtime is dropped by a thread that may wait for it to end")
            .next("keep the `Runtime` outside of async blocks: what is async needs a `Handle` at most")
    } else if message.contains("timers are disabled") || message.contains("IO is disabled") {
        Fault::new("drivers_off")
            .expected("timers and sockets work in the future")
            .next("call `enable_all` on the builder")
    } else if message.contains("can call blocking only when running on the multi-threaded runtime")
    {
        Fault::new("worker_blocked")
            .expected("no thread that polls is kept waiting, on either flavour")
            .next("leave out `block_in_place`: a future that is awaited or spawned needs none")
    } else if message.contains("it is being shutdown") {
        return Some(runtime_dropped_early(&happened));
    } else {
        return None;
    };
    Some(fault.happened(happened))
}

/// Calls it on a thread of this runtime's pool for blocking calls: inside a runtime's context, where it may block.
fn on_the_pool<T: Send + 'static>(
    outer: &Runtime,
    code: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let called = outer.block_on(outer.spawn_blocking(code));
    called.unwrap_or_else(|error| {
        let words = words_of(error.into_panic());
        Err(Fault::new("inside_means_polling")
            .happened(format!("called on a thread of a runtime's pool for blocking calls, it panicked with \"{words}\""))
            .expected("it works on any thread that may block, and that thread is one, though it is inside a runtime")
            .next("leave it to `block_on` to panic on a thread that polls: `Handle::try_current` says only whether a thread is inside a runtime"))
    })
}

fn words_of(panic: Box<dyn Any + Send>) -> String {
    catch_panic_blocking(|| panic::resume_unwind(panic)).unwrap_or_else(|words| words)
}

fn executor_without_runtime(happened: &str) -> Fault {
    Fault::new("executor_without_runtime")
        .happened(happened)
        .expected("the future is polled by a tokio runtime, which has the timers and sockets that wake it, and runs what it spawns")
        .next("use `block_on` of a tokio `Runtime`, in place of another executor or a poll loop")
}

fn nobody_polls(happened: &str) -> Fault {
    Fault::new("nobody_polls")
        .happened(format!("stopped, since it never came back: {happened}"))
        .expected("as long as somebody waits for it, a thread drives the runtime")
        .next("a `current_thread` runtime polls tasks and fires timers only while a thread is in its `Runtime::block_on` (that of a `Handle` drives nothing): wait there, or take a `multi_thread` one")
}

fn runtime_leaked(happened: &str) -> Fault {
    Fault::new("runtime_leaked")
        .happened(happened)
        .expected("the runtime has ended by then, and has dropped the tasks that were left")
        .next("let one variable or field own the `Runtime`, so that it is dropped with it: no `static`, no `leak` or `forget`, no thread that is left to itself")
}

fn runtime_dropped_early(happened: &str) -> Fault {
    Fault::new("runtime_dropped_early")
        .happened(happened)
        .expected("the runtime is there for as long as somebody uses it")
        .next("keep the `Runtime` itself in a field: a `Handle` names a runtime, and does not keep it going")
}

fn given_up_early(happened: &str) -> Fault {
    Fault::new("given_up_early")
        .happened(happened)
        .expected("it is driven to its end, however long that takes: what is too long is for the caller to say")
        .next("set no time limit: leave out `timeout`, `recv_timeout` and the like")
}

fn clock_paused(wanted: Duration, took: Duration) -> Fault {
    Fault::new("clock_paused")
        .happened(format!(
            "a wait of {} ms was over after {} µs",
            wanted.as_millis(),
            took.as_micros()
        ))
        .expected("a wait takes its time: the clock is real")
        .next("leave out `start_paused`, which is for tests")
}

fn another_runtime(happened: &str) -> Fault {
    Fault::new("another_runtime")
        .happened(happened)
        .expected("the runtime that is meant does the work")
        .next("use the runtime that you were given, or that you keep: neither make another nor take the one that the thread happens to be inside")
}

fn outside(polls: &Polls) -> bool {
    polls.all().iter().any(|poll| poll.runtime.is_none())
}

fn on_other_runtimes(polls: &Polls, meant: tokio::runtime::Id) -> bool {
    polls.all().iter().any(|poll| poll.runtime != Some(meant))
}

mod run {
    use super::*;

    /// Has the code under study run a future, and looks at where it was polled.
    ///
    /// The code under study is generic. It is compiled at every save, and so it is given futures of one type alone.
    fn drive<F: Future>(future: F) -> Result<F::Output, Fault> {
        const RETURNED: u64 = 7_000_000_019;
        let mut output = None;
        let returned = drive_boxed(Box::pin(async {
            output = Some(future.await);
            RETURNED
        }))?;
        assert_eq!(returned, RETURNED, "the future's own output");
        Ok(output.expect("the future has ended"))
    }

    fn drive_boxed(mut future: LocalBoxFuture<'_, u64>) -> Result<u64, Fault> {
        let polls = Polls::new();
        let (ended, unwakeable) = (AtomicBool::new(false), AtomicBool::new(false));
        let future = polls.watch("future", async {
            let output = poll_fn(|context| {
                // Who polls like this cannot be told when to go on.
                let noop = [Waker::noop(), noop_waker_ref()];
                if noop.iter().any(|noop| noop.will_wake(context.waker())) {
                    unwakeable.store(true, Ordering::SeqCst);
                }
                future.as_mut().poll(context)
            });
            let output = output.await;
            ended.store(true, Ordering::SeqCst);
            output
        });
        let run = || -> u64 { super::super::run(future) };
        let output = catch_panic_blocking(run).map_err(|message| {
            let begun = !polls.all().is_empty();
            match known(&message, outside(&polls)) {
                None if begun && !ended.load(Ordering::SeqCst) => given_up_early(&format!(
                    "while the future waited, the function panicked with \"{message}\""
                )),
                known => known.unwrap_or_else(|| panic!("{message}")),
            }
        })?;
        ensure(!outside(&polls), || {
            executor_without_runtime(
                "the future was polled to its end, but outside of any tokio runtime",
            )
        })?;
        ensure(!unwakeable.load(Ordering::SeqCst), || {
            executor_without_runtime(
                "the future was polled with a waker that does nothing, over and over, though nothing had woken it",
            )
        })?;
        Ok(output)
    }

    #[test]
    fn a_future_is_driven_to_its_end() {
        examine_blocking(|_| {
            for number in [3, 40, 500] {
                // Neither `'static` nor `Send`: it is polled on this thread.
                let text = "x".repeat(number);
                let length = drive(async {
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
                    // Only sent once the future is being polled, from a thread that no runtime knows.
                    if waiting.recv().is_ok() {
                        sender.send(number).ok();
                    }
                });
                let received = drive(async {
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

    #[test]
    fn timers_and_sockets_work() {
        examine_blocking(|if_stopped| {
            if_stopped.it_means(|| {
                nobody_polls("the future waits for a timer or a socket, and nothing fires it")
            });
            for millis in [1, 30] {
                let took = drive(async {
                    let start = Instant::now();
                    sleep(ms(millis)).await;
                    start.elapsed()
                })?;
                ensure(took >= ms(millis), || clock_paused(ms(millis), took))?;
            }
            drive(a_day())?;
            let echoed = drive(async {
                let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
                let mut client = TcpStream::connect(listener.local_addr()?).await?;
                let (mut server, _) = listener.accept().await?;
                client.write_all(b"who polls?").await?;
                let mut text = [0; 10];
                server.read_exact(&mut text).await?;
                Ok::<_, std::io::Error>(text)
            })?;
            assert_eq!(&echoed.expect("loopback is there"), b"who polls?");
            Ok(())
        });
    }

    #[test]
    fn spawned_tasks_are_driven() {
        examine_blocking(|if_stopped| {
            if_stopped.it_means(|| {
                nobody_polls("the future awaits a task that it spawned, and nobody polls that task")
            });
            for count in [1, 5] {
                let sum = drive(async {
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

    /// Has it run a future that spawns a task which never ends. Gives the runtime that it was on, and whether
    /// the task has been dropped.
    fn leave_a_task(turns: usize) -> Result<(tokio::runtime::Id, bool), Fault> {
        let dropped = Dropped::default();
        let guard = dropped.guard();
        let id = drive(async {
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

    fn left_behind() -> Fault {
        runtime_leaked(
            "the function had returned, and a task that its future had spawned was still there",
        )
    }

    #[test]
    fn nothing_is_left_behind() {
        examine_blocking(|if_stopped| {
            if_stopped.it_means(|| {
                Fault::new("waits_for_every_task")
                    .happened("stopped: it waited for a task that its future had spawned and did not await, and which never ends")
                    .expected("the function returns when the future is done, and the tasks that are left are dropped")
                    .next("wait for nothing but the future: dropping the runtime drops its tasks")
            });
            for turns in [0, 1, 20] {
                let (_, dropped) = leave_a_task(turns)?;
                ensure(dropped, left_behind)?;
            }
            // A thread of a pool for blocking calls is inside the context of a runtime, but may block.
            let outer = runtime(1);
            let (id, dropped) = on_the_pool(&outer, || leave_a_task(1))?;
            ensure(id != outer.handle().id(), || {
                another_runtime(
                    "called on a thread of another runtime's pool for blocking calls, it used that runtime",
                )
            })?;
            ensure(dropped, left_behind)
        });
    }

    #[test]
    fn inside_a_runtime_it_panics() {
        examine_blocking(|if_stopped| {
            if_stopped
                .it_means(|| nobody_polls("the future waits for a timer, and nothing fires it"));
            let outer = runtime(2);
            let polls = Polls::new();
            let future = polls.watch("future", async { sleep(ms(1)).await });
            let task = outer.spawn(async move {
                // What it says when it panics is its own business.
                catch_panic_blocking(|| super::super::run(future)).is_err()
            });
            let panicked = outer.block_on(task).expect("the panic was caught");
            ensure(!on_other_runtimes(&polls, outer.handle().id()), || {
                worker_blocked(
                    "called in a task, it ran its future to the end: no other task could have that worker meanwhile",
                )
            })?;
            ensure(polls.all().is_empty(), || {
                executor_without_runtime(
                    "called in a task, it polled its future by itself, and made no runtime",
                )
            })?;
            ensure(panicked, || {
                worker_blocked("called in a task, it returned instead of panicking")
            })
        });
    }

    fn worker_blocked(happened: &str) -> Fault {
        Fault::new("worker_blocked")
            .happened(happened)
            .expected("it panics before it polls anything: a worker that waits polls none of its other tasks")
            .next("call `block_on` of the new runtime, which looks after that by itself, with no `block_in_place` around it")
    }
}

mod spawn_from_thread {
    use super::*;

    /// A runtime, with the threads that poll its tasks.
    struct Case {
        runtime: Arc<Runtime>,
        pollers: HashSet<ThreadId>,
        // Dropped, it ends the thread that drives a `current_thread` runtime.
        _driven: Option<oneshot::Sender<()>>,
    }

    impl Case {
        fn new(workers: usize) -> Self {
            let runtime = Arc::new(runtime(workers));
            if workers > 0 {
                return Self {
                    pollers: workers_of(&runtime, workers),
                    runtime,
                    _driven: None,
                };
            }
            let (driven, ended) = oneshot::channel::<()>();
            let driver = thread::spawn({
                let runtime = Arc::clone(&runtime);
                move || runtime.block_on(ended).is_err()
            });
            Self {
                // Whichever of the two is inside first drives it.
                pollers: HashSet::from([driver.thread().id(), thread::current().id()]),
                runtime,
                _driven: Some(driven),
            }
        }

        /// A `current_thread` runtime that nobody drives, until the test is in its `block_on`.
        fn not_driven() -> Self {
            Self {
                runtime: Arc::new(runtime(0)),
                pollers: HashSet::from([thread::current().id()]),
                _driven: None,
            }
        }

        fn all() -> [Self; 3] {
            [2, 1, 0].map(Self::new)
        }
    }

    /// One task after the other begins, and then keeps its worker until each worker has one.
    fn workers_of(runtime: &Runtime, workers: usize) -> HashSet<ThreadId> {
        let meet = Arc::new(Barrier::new(workers));
        let (tell, told) = mpsc::channel();
        (0..workers)
            .map(|_| {
                let (meet, tell) = (Arc::clone(&meet), tell.clone());
                runtime.spawn(async move {
                    tell.send(thread::current().id()).ok();
                    meet.wait();
                });
                told.recv().expect("the task tells it")
            })
            .collect()
    }

    /// What is known of a work that was handed over.
    #[derive(Clone)]
    struct Watched {
        polls: Polls,
        caller: Arc<std::sync::OnceLock<ThreadId>>,
        returned: Arc<AtomicBool>,
        pollers: HashSet<ThreadId>,
        runtime: tokio::runtime::Id,
    }

    impl Watched {
        /// Whether it was polled where it should be.
        fn well_placed(&self) -> Result<(), Fault> {
            self.placed().map_err(|fault| self.drawn(fault))
        }

        /// The fault, with a drawing of which threads polled the work.
        fn drawn(&self, fault: Fault) -> Fault {
            fault.drawn(self.polls.drawing(|poll| {
                let name = if self.called(poll) {
                    "the thread that called"
                } else if poll.runtime != Some(self.runtime) {
                    "a thread elsewhere"
                } else if self.pollers.contains(&poll.thread) {
                    "a thread that polls tasks"
                } else {
                    "another of its threads"
                };
                name.into()
            }))
        }

        fn called(&self, poll: &Poll) -> bool {
            Some(&poll.thread) == self.caller.get()
        }

        fn placed(&self) -> Result<(), Fault> {
            let polls = self.polls.all();
            let by_caller = polls.iter().any(|poll| self.called(poll));
            ensure(!by_caller, || {
                Fault::new("polled_by_caller")
                    .happened("the work was polled by the thread that called: it waited for the work to end")
                    .expected("the thread that calls goes on at once, and a thread of the runtime polls the work")
                    .next("`block_on` polls on the thread that calls it; `spawn` leaves that to the runtime")
            })?;
            ensure(!on_other_runtimes(&self.polls, self.runtime), || {
                another_runtime("the work was polled on another runtime than that of the handle")
            })?;
            let strange = polls
                .iter()
                .any(|poll| !self.pollers.contains(&poll.thread));
            ensure(!strange, || {
                Fault::new("on_the_blocking_pool")
                    .happened("the work was polled by a thread that polls none of the runtime's tasks, such as one of its pool for blocking calls")
                    .expected("async work is a task: it needs no thread of its own, and waits without keeping one")
                    .next("`Handle::spawn` takes the future as it is; `spawn_blocking` is for functions that block")
            })
        }

        /// What it means that nothing goes on any more.
        fn stopped(&self) -> Fault {
            if let Err(fault) = self.well_placed() {
                return fault;
            }
            self.drawn(if self.returned.load(Ordering::SeqCst) {
                Fault::new("worker_blocked")
                    .happened("stopped: the function had returned, and then nothing on the runtime went on, since one of its threads waited in a call that blocks")
                    .expected("a task that waits is put aside, and its thread polls the others")
                    .next("let no task call `recv` of a `std` channel, `join` or `block_on`: spawn the work itself, and return its handle")
            } else {
                caller_waits(
                    "stopped: the function never returned: it waited for the work to begin, or to end, and the work could do neither before it had returned",
                )
            })
        }
    }

    fn caller_waits(happened: &str) -> Fault {
        Fault::new("caller_waits")
            .happened(happened)
            .expected("the function returns at once, with the handle to wait with")
            .next("return what `spawn` returns: whoever needs the output awaits the handle")
    }

    /// Has the code under study spawn a work, from a thread of its own.
    fn spawned(
        case: &Case,
        if_stopped: &IfStopped,
        work: impl Future<Output = u64> + Send + 'static,
    ) -> Result<(JoinHandle<u64>, Watched), Fault> {
        let watched = Watched {
            polls: Polls::new(),
            caller: Arc::default(),
            returned: Arc::default(),
            pollers: case.pollers.clone(),
            runtime: case.runtime.handle().id(),
        };
        if_stopped.it_means({
            let watched = watched.clone();
            move || watched.stopped()
        });
        let work = watched.polls.watch("work", work.boxed());
        let handle = case.runtime.handle().clone();
        let joined = thread::scope(|scope| {
            let caller = scope.spawn(|| {
                watched.caller.get_or_init(|| thread::current().id());
                catch_panic_blocking(|| super::super::spawn_from_thread(handle, work))
            });
            caller.join().expect("its panics are caught")
        });
        let task = joined.map_err(|message| {
            let begun = !watched.polls.all().is_empty();
            match known(&message, outside(&watched.polls)) {
                None if begun => caller_waits("the function waited for the work, and panicked with it instead of returning its handle"),
                known => known.unwrap_or_else(|| panic!("{message}")),
            }
        })?;
        watched.returned.store(true, Ordering::SeqCst);
        Ok((task, watched))
    }

    /// Awaits the output of a work that does not panic.
    fn output(case: &Case, task: JoinHandle<u64>, watched: &Watched) -> Result<u64, Fault> {
        match case.runtime.block_on(task) {
            Ok(output) => Ok(output),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => Err(explained(&words_of(panic), outside(&watched.polls))),
                Err(_cancelled) => Err(cancelled()),
            },
        }
    }

    fn cancelled() -> Fault {
        another_runtime(
            "the work was dropped before it was done: it was no task of the handle's runtime, and the one that it was given to had ended",
        )
    }

    /// The handle gives what the work gives.
    fn gives(given: u64, output: u64) -> Result<(), Fault> {
        ensure(output == given, || {
            Fault::new("output_lost")
                .happened(format!("the work gave {given}, and its handle {output}"))
                .expected("the handle gives what the work gives")
                .next("return the handle of the work, rather than of something beside it")
        })
    }

    /// A work that is ready at once is polled in the right place, without which nothing else is worth a test.
    fn well_placed(case: &Case, if_stopped: &IfStopped) -> Result<(), Fault> {
        let (task, watched) = spawned(case, if_stopped, async { 1 })?;
        output(case, task, &watched)?;
        watched.well_placed()
    }

    #[test]
    fn the_runtime_does_the_work() {
        examine_blocking(|if_stopped| {
            for case in Case::all() {
                for number in [42, 0, 7_000_000_000] {
                    let (task, watched) = spawned(&case, if_stopped, async move { number })?;
                    gives(number, output(&case, task, &watched)?)?;
                }
            }
            Ok(())
        });
    }

    #[test]
    fn a_thread_of_the_runtime_polls_it() {
        examine_blocking(|if_stopped| {
            for case in Case::all() {
                well_placed(&case, if_stopped)?;
                let work = async {
                    for _ in 0..3 {
                        yield_now().await;
                    }
                    sleep(ms(1)).await;
                    5
                };
                let (task, watched) = spawned(&case, if_stopped, work)?;
                output(&case, task, &watched)?;
                watched.well_placed()?;
            }
            Ok(())
        });
    }

    #[test]
    fn neither_the_caller_nor_a_worker_waits() {
        examine_blocking(|if_stopped| {
            for workers in [1, 0] {
                let case = Case::new(workers);
                well_placed(&case, if_stopped)?;
                let (finish, finished) = oneshot::channel();
                let work = async { finished.await.unwrap_or_default() };
                let (task, watched) = spawned(&case, if_stopped, work)?;
                // The work waits for this thread, which goes on only after another task had its turns.
                let another = case.runtime.spawn(async {
                    for _ in 0..10 {
                        yield_now().await;
                    }
                });
                case.runtime.block_on(another).expect("it does not panic");
                finish.send(9).ok();
                gives(9, output(&case, task, &watched)?)?;
            }

            let case = Case::not_driven();
            let ended = Arc::new(AtomicBool::new(false));
            let work = {
                let ended = Arc::clone(&ended);
                async move {
                    a_day().await;
                    ended.store(true, Ordering::SeqCst);
                    7
                }
            };
            let (task, watched) = spawned(&case, if_stopped, work)?;
            let joined = case.runtime.block_on(task);
            ensure(ended.load(Ordering::SeqCst), || match joined {
                Err(error) if error.is_cancelled() => cancelled(),
                Ok(_) | Err(_) => given_up_early("the work was dropped while it waited"),
            })?;
            watched.well_placed()
        });
    }

    #[test]
    fn to_abort_the_handle_is_to_drop_the_work() {
        examine_blocking(|if_stopped| {
            let case = Case::new(1);
            well_placed(&case, if_stopped)?;
            let dropped = Dropped::default();
            let guard = dropped.guard();
            let (finish, finished) = oneshot::channel();
            let work = async move {
                let _guard = guard;
                finished.await.unwrap_or_default()
            };
            let (task, watched) = spawned(&case, if_stopped, work)?;
            // On the one worker, every task that can go on does so before this one ends.
            let turns = || {
                let turns = case.runtime.spawn(async {
                    for _ in 0..1000 {
                        yield_now().await;
                    }
                });
                case.runtime.block_on(turns).expect("it does not panic");
            };
            turns();
            assert!(!watched.polls.all().is_empty(), "the work has begun");
            task.abort();
            turns();
            let aborted = dropped.get() && task.is_finished();
            // Whatever still waits for it shall end with the test.
            finish.send(0).ok();
            ensure(aborted, || {
                Fault::new("task_in_a_task")
                    .happened("the handle was aborted, and the work went on: it was in another task, or on a thread, that the handle knows nothing of")
                    .expected("to abort the handle is to drop the work")
                    .next("spawn the work itself, with no task around it that awaits it")
            })
        });
    }

    #[test]
    fn its_panic_is_in_the_handle() {
        examine_blocking(|if_stopped| {
            for case in [1, 0].map(Case::new) {
                well_placed(&case, if_stopped)?;
                let work = async {
                    yield_now().await;
                    panic!("the work's own panic")
                };
                let (task, watched) = spawned(&case, if_stopped, work)?;
                let joined = case.runtime.block_on(task);
                watched.well_placed()?;
                let gave = match joined {
                    Ok(output) => output.to_string(),
                    Err(error) => error.try_into_panic().map_or_else(
                        |_| "an error that is no panic".into(),
                        |panic| format!("a panic that says \"{}\"", words_of(panic)),
                    ),
                };
                ensure(gave.contains("the work's own panic"), || {
                    Fault::new("panic_swallowed")
                        .happened(format!("the work panicked, and its handle gave {gave}"))
                        .expected("the panic of the work is in the `JoinError` that its handle gives")
                        .next("spawn the work as it is: a task keeps the panic for whoever awaits its handle")
                })?;
            }
            Ok(())
        });
    }
}

mod blocking_client {
    use super::*;

    // Threads share a client.
    const _: () = is_shared::<BlockingClient>();
    const fn is_shared<T: Send + Sync>() {}

    /// A client of a service, and the service to look at.
    struct Site {
        upstream: Upstream,
        client: BlockingClient,
    }

    impl Site {
        fn new(upstream: Upstream, if_stopped: &IfStopped) -> Result<Self, Fault> {
            if_stopped.it_means({
                let upstream = upstream.clone();
                move || match upstream.in_flight() {
                    0 => nobody_polls(
                        "`get` waits for a call that never began, since nobody polls it",
                    ),
                    _ => nobody_polls(
                        "`get` waits for a call that began, and nothing wakes or polls it any more",
                    ),
                }
            });
            let client = call(|| BlockingClient::new(upstream.clone()))?;
            Ok(Self { upstream, client })
        }

        fn get(&self, path: &str) -> Result<Result<Page, UpstreamError>, Fault> {
            let gave = catch_panic_blocking(|| self.client.get(path))
                .map_err(|message| self.panicked(&message))?;
            let dropped = |call: &Call| call.outcome == Some(Outcome::Dropped);
            ensure(!self.upstream.calls().iter().any(dropped), || {
                given_up_early(&format!(
                    "the call was dropped while it waited, and `get` gave {gave:?}"
                ))
            })?;
            ensure(!self.upstream.calls().iter().any(Self::outside), || {
                executor_without_runtime("the call was polled outside of any tokio runtime")
            })?;
            Ok(gave)
        }

        /// What it means that `get` panicked.
        fn panicked(&self, message: &str) -> Fault {
            let calls = self.upstream.calls();
            if let Some(fault) = known(message, calls.iter().any(Self::outside)) {
                return fault;
            }
            match calls.last().and_then(|call| call.outcome) {
                Some(Outcome::Failed) => Fault::new("error_turned_into_panic")
                    .happened(format!("the upstream failed, and `get` panicked: {message}"))
                    .expected("what the upstream's `get` gives is returned, errors included: the caller decides what they mean")
                    .next("return the `Result` of `upstream.get` as it is, with no `unwrap`, and no `fetch` in its place"),
                _ if ["JoinError::Cancelled", "RecvError"].iter().any(|lost| message.contains(lost)) => {
                    runtime_dropped_early(&format!("the call was dropped with its runtime, and `get` panicked: {message}"))
                }
                Some(Outcome::Dropped) => given_up_early(&format!("the call was dropped while it waited, and `get` panicked: {message}")),
                _ => panic!("{message}"),
            }
        }

        fn outside(call: &Call) -> bool {
            call.started.is_some() && call.runtime.is_none()
        }

        /// The runtimes that the calls were made on, one a call.
        fn runtimes(&self) -> Vec<tokio::runtime::Id> {
            let calls = self.upstream.calls().into_iter();
            calls.filter_map(|call| call.runtime).collect()
        }
    }

    #[test]
    fn get_gives_what_the_upstream_gives() {
        examine_blocking(|if_stopped| {
            for number in [1, 2] {
                let text = |path: &str| format!("{path} of scenario {number}");
                let page =
                    |path: &str, latency| Route::new(path).latency(ms(latency)).body(text(path));
                let upstream = Upstream::builder()
                    .route(page("users", 2))
                    .route(page("posts", 0))
                    .route(Route::new("orders").latency(ms(1)).fails(503))
                    .build();
                let site = Site::new(upstream, if_stopped)?;
                let paths = ["users", "posts", "orders", "/Users/", "users"];
                for (made, path) in paths.into_iter().enumerate() {
                    let start = Instant::now();
                    let gave = site.get(path)?;
                    let took = start.elapsed();
                    let status = |status| {
                        Err(UpstreamError::Status {
                            path: path.to_owned(),
                            status,
                        })
                    };
                    let expected = match path {
                        "orders" => status(503),
                        "/Users/" => status(404),
                        _ => Ok(Page {
                            path: path.to_owned(),
                            body: text(path),
                        }),
                    };
                    let calls = site.upstream.hits();
                    ensure(calls == made + 1 && gave == expected, || {
                        Fault::new("answers_made_up")
                            .happened(format!(
                                "`get` number {} asked for {path} and gave {gave:?}; the upstream had {calls} calls by then",
                                made + 1
                            ))
                            .expected(format!("each `get` makes one call, and gives what it gives: {expected:?}"))
                            .next("make one call in each `get`, keep no answers, try nothing twice, and return the result as it is")
                    })?;
                    ensure(path != "users" || took >= ms(2), || {
                        clock_paused(ms(2), took)
                    })?;
                }
            }

            let slow = Upstream::builder().build().reached_by(Arc::new(Slow));
            let gave = Site::new(slow, if_stopped)?.get("users")?;
            assert_eq!(gave.map(|page| page.body), Ok("late".into()));
            Ok(())
        });
    }

    /// A service that answers after a day, where the clock can be paused.
    #[derive(Debug)]
    struct Slow;

    impl Remote for Slow {
        fn get<'a>(
            &'a self,
            path: &'a str,
        ) -> Pin<Box<dyn Future<Output = Result<Page, UpstreamError>> + Send + 'a>> {
            Box::pin(async {
                a_day().await;
                Ok(Page {
                    path: path.to_owned(),
                    body: "late".to_owned(),
                })
            })
        }

        fn url(&self) -> &str {
            "in memory"
        }

        fn connections(&self) -> usize {
            0
        }
    }

    #[test]
    fn one_runtime_drives_all_calls() {
        examine_blocking(|if_stopped| {
            let upstream = Upstream::builder()
                .page("users", ms(1))
                .page("posts", ms(0))
                .build();
            let site = Arc::new(Site::new(upstream, if_stopped)?);
            for path in ["users", "posts", "users"] {
                site.get(path)?.ok();
            }
            thread::scope(|scope| scope.spawn(|| site.get("users")).join())
                .unwrap_or_else(|panic| panic::resume_unwind(panic))?
                .ok();
            // This thread is inside the context of another runtime, but may block.
            let outer = runtime(1);
            let pooled = Arc::clone(&site);
            on_the_pool(&outer, move || pooled.get("posts"))?.ok();
            let runtimes = site.runtimes();
            ensure(
                runtimes
                    .iter()
                    .all(|&runtime| runtime != outer.handle().id()),
                || {
                    another_runtime(
                        "called on a thread of another runtime's pool for blocking calls, `get` used that runtime",
                    )
                },
            )?;
            one_runtime(&site)
        });
    }

    fn one_runtime(site: &Site) -> Result<(), Fault> {
        let runtimes = site.runtimes();
        let different: HashSet<_> = runtimes.iter().collect();
        ensure(different.len() == 1, || {
            Fault::new("runtime_per_call")
                .happened(format!(
                    "{} calls of one client were made on {} runtimes",
                    runtimes.len(),
                    different.len()
                ))
                .expected("one runtime, made for the client, drives all of its calls")
                .next("build the runtime in `new`, and keep it in a field")
        })
    }

    #[test]
    fn threads_call_at_the_same_moment() {
        examine_blocking(|if_stopped| {
            for threads in [2, 40] {
                // Nobody has an answer before everybody has asked.
                let upstream = Upstream::builder()
                    .page("users", ms(1))
                    .gate(threads)
                    .build();
                let site = Site::new(upstream.clone(), if_stopped)?;
                if_stopped.it_means(move || {
                    let together = upstream.high_water();
                    if together == 0 || together == threads {
                        return nobody_polls("`get` waits for a call that nobody polls");
                    }
                    Fault::new("callers_in_turn")
                        .happened(format!(
                            "stopped: {threads} threads called `get`, and no more than {together} of the calls were under way at once; the others waited for their turn"
                        ))
                        .expected("each thread's call is under way as soon as it has called, whatever the others wait for")
                        .next("hold no lock while you wait, and let no single thread make the calls one by one: `Runtime::block_on` takes `&self`, so that many threads can be in it")
                });
                let answered = AtomicUsize::new(0);
                thread::scope(|scope| {
                    let callers: Vec<_> = (0..threads)
                        .map(|_| {
                            scope.spawn(|| {
                                let gave = site.get("users")?;
                                answered.fetch_add(usize::from(gave.is_ok()), Ordering::SeqCst);
                                Ok(())
                            })
                        })
                        .collect();
                    callers.into_iter().try_for_each(|caller| {
                        caller
                            .join()
                            .unwrap_or_else(|panic| panic::resume_unwind(panic))
                    })
                })?;
                assert_eq!(answered.into_inner(), threads, "each thread has its page");
                one_runtime(&site)?;
            }
            Ok(())
        });
    }

    #[test]
    fn its_runtime_ends_with_the_client() {
        examine_blocking(|if_stopped| {
            let upstream = Upstream::builder().page("users", ms(1)).build();
            // Another client, which is there all the time, and of no concern to the others.
            let other = Site::new(upstream.clone(), if_stopped)?;
            for calls in [1, 3] {
                other.get("users")?.ok();
                let site = Site::new(upstream.clone(), if_stopped)?;
                for _ in 0..calls {
                    site.get("users")?.ok();
                }
                // A task that would wait as long as the runtime lets it.
                let dropped = Dropped::default();
                if let Some(runtime) = site.upstream.last_runtime() {
                    let guard = dropped.guard();
                    runtime.spawn(async move {
                        let _guard = guard;
                        pending::<()>().await;
                    });
                }
                call(|| drop(site))?;
                ensure(dropped.get(), || {
                    runtime_leaked(
                        "the client had been dropped, and a task on its runtime was still there",
                    )
                })?;
            }
            Ok(())
        });
    }
}
