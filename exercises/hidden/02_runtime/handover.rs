//! Work that a thread outside any runtime hands over to one, and what becomes of it.

use std::{
    collections::HashSet,
    sync::{
        Arc, Barrier, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::{self, ThreadId},
};

use async_workbook::{
    probes::threads::{Poll, Polls},
    verdict::{Fault, catch_panic_blocking, ensure, show},
};
use futures::FutureExt as _;
use tokio::{
    runtime::{self, Runtime},
    sync::oneshot,
    task::{JoinHandle, yield_now},
};

use crate::{
    Opaque, Spawn,
    faults::{future_polled_outside_runtime, given_up_too_early, wrong_runtime_used},
    panics::{is_of_a_time_limit, known, words_of},
    runtimes::{builder, on_other_runtimes, outside},
    stillness::Stillness,
};

/// A runtime, with the threads that poll its tasks.
pub(crate) struct Case {
    pub(crate) runtime: Arc<Runtime>,
    pollers: HashSet<ThreadId>,
    started: Started,
    // Dropping it ends the thread that drives a `current_thread` runtime.
    _driven: Option<oneshot::Sender<()>>,
}

/// The threads that a runtime has started: its workers, and those of its pool for blocking calls.
type Started = Arc<Mutex<HashSet<ThreadId>>>;

impl Case {
    pub(crate) fn new(workers: usize) -> Self {
        let mut case = Self::not_driven_by_others(workers);
        if workers > 0 {
            case.pollers = workers_of(&case.runtime, workers);
            return case;
        }
        let (driven, ended) = oneshot::channel::<()>();
        let driver = thread::spawn({
            let runtime = Arc::clone(&case.runtime);
            move || runtime.block_on(ended).is_err()
        });
        // Whichever of the two threads is inside first drives it.
        case.pollers.insert(driver.thread().id());
        case._driven = Some(driven);
        case
    }

    /// A `current_thread` runtime that nobody drives until the test is in its `block_on`.
    pub(crate) fn not_driven() -> Self {
        Self::not_driven_by_others(0)
    }

    fn not_driven_by_others(workers: usize) -> Self {
        let started = Started::default();
        let runtime = builder(workers)
            .on_thread_start({
                let started = Arc::clone(&started);
                move || {
                    started
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .insert(thread::current().id());
                }
            })
            .build()
            .expect("a runtime needs nothing but file descriptors and threads");
        Self {
            runtime: Arc::new(runtime),
            pollers: HashSet::from([thread::current().id()]),
            started,
            _driven: None,
        }
    }

    pub(crate) fn all() -> [Self; 3] {
        [2, 1, 0].map(Self::new)
    }

    /// Lets every task that can go on do so, many times over. If one thread polls them all, none is left out.
    pub(crate) fn turns(&self) {
        let turns = self.runtime.spawn(async {
            for _ in 0..1000 {
                yield_now().await;
            }
        });
        self.runtime.block_on(turns).expect("it does not panic");
    }
}

/// Tasks begin one after the other, and each keeps its worker until every worker has one.
pub(crate) fn workers_of(runtime: &Runtime, workers: usize) -> HashSet<ThreadId> {
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

/// What is known of work that was handed over.
#[derive(Clone)]
pub(crate) struct Watched {
    pub(crate) polls: Polls,
    caller: Arc<OnceLock<ThreadId>>,
    returned: Arc<AtomicBool>,
    ended: Arc<AtomicBool>,
    pollers: HashSet<ThreadId>,
    started: Started,
    runtime: runtime::Id,
}

impl Watched {
    /// Whether it was polled where it should have been.
    pub(crate) fn well_placed(&self) -> Result<(), Fault> {
        self.placed().map_err(|fault| self.drawn(fault))?;
        show(|| self.drawing());
        Ok(())
    }

    /// The fault, with a drawing of which threads polled the work.
    pub(crate) fn drawn(&self, fault: Fault) -> Fault {
        fault.drawn(self.drawing())
    }

    fn drawing(&self) -> String {
        self.polls.drawing(|poll| {
            let name = if self.called(poll) {
                "the thread that called"
            } else if self.pollers.contains(&poll.thread) && poll.runtime == Some(self.runtime) {
                "a thread that polls tasks"
            } else if self.is_of_the_runtime(poll) {
                "another of its threads"
            } else {
                "a thread elsewhere"
            };
            name.into()
        })
    }

    pub(crate) fn called(&self, poll: &Poll) -> bool {
        Some(&poll.thread) == self.caller.get()
    }

    pub(crate) fn placed(&self) -> Result<(), Fault> {
        let polls = self.polls.all();
        let by_caller = polls.iter().any(|poll| self.called(poll));
        ensure(!by_caller, || {
            Fault::new("future_polled_by_caller")
                .happened("the thread that called the function polled the work, and waited for it to end")
                .expected("the function returns at once, and a thread of the runtime polls the work")
                .next("replace `block_on`, which polls on the thread that calls it, with `spawn`, which leaves the polling to the runtime")
        })?;
        ensure(!outside(&self.polls), || {
            future_polled_outside_runtime("the work was polled outside any tokio runtime")
        })?;
        ensure(!on_other_runtimes(&self.polls, self.runtime), || {
            wrong_runtime_used("the work was polled on a runtime that isn't the handle's")
        })?;
        let strange = polls
            .iter()
            .find(|poll| !self.pollers.contains(&poll.thread));
        let Some(strange) = strange else {
            return Ok(());
        };
        Err(if self.is_of_the_runtime(strange) {
            Fault::new("async_work_on_blocking_pool")
                .happened("a thread of the runtime's pool for blocking calls polled the work")
                .expected("the work is a task: it needs no thread of its own, and doesn't keep one while it waits")
                .next("pass the future itself to `Handle::spawn`: `spawn_blocking` is for functions that block")
        } else {
            Fault::new("needless_thread")
                .happened("a thread that the function started polled the work, and waits for as long as the work does")
                .expected("the threads that poll the runtime's tasks also poll the work, and no thread waits for it")
                .next("remove the thread, and pass the work itself to `handle.spawn`")
        })
    }

    /// Whether the runtime of the handle started the thread that polled.
    fn is_of_the_runtime(&self, poll: &Poll) -> bool {
        self.started
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&poll.thread)
    }

    /// What it means that the handle yielded a panic, though the work doesn't panic.
    fn panicked(&self, message: &str) -> Fault {
        if let Some(fault) = known(message, outside(&self.polls)) {
            return fault;
        }
        if outside(&self.polls) {
            return future_polled_outside_runtime(&format!(
                "the work was polled outside any tokio runtime, and its handle yielded a panic that says \"{message}\""
            ));
        }
        if self.has_begun() && !self.ended.load(Ordering::SeqCst) {
            return given_up_too_early(&format!(
                "the work was dropped while it waited, and its handle yielded a panic that says \"{message}\""
            ));
        }
        panic!("{message}")
    }

    fn has_begun(&self) -> bool {
        !self.polls.all().is_empty()
    }

    /// The work was polled before the clock moved.
    pub(crate) fn begun_at_once(&self) -> Result<(), Fault> {
        ensure(self.has_begun(), || {
            self.needless_wait("every task of the runtime had its turns, but the work hadn't begun")
        })
    }

    pub(crate) fn needless_wait(&self, happened: &str) -> Fault {
        self.drawn(
            Fault::new("needless_wait")
                .happened(happened)
                .expected("the work begins when a thread of the runtime is free, and its handle has the output as soon as the work ends")
                .next("remove the `sleep`, or whatever else you await with the work: spawn only the work"),
        )
    }

    /// What it means if nothing goes on any more.
    pub(crate) fn stopped(&self) -> Fault {
        if !self.returned.load(Ordering::SeqCst) {
            return self.kept_waiting();
        }
        if let Err(fault) = self.well_placed() {
            return fault;
        }
        self.drawn(
            Fault::new("blocking_call_in_async_code")
                .happened("the function returned, and then everything on the runtime stopped: one of its threads waits in a call that blocks")
                .expected("a waiting task is put aside, and its thread polls the other tasks")
                .next("spawn the work itself and return its handle, not a task that calls `recv`, `join` or `block_on`"),
        )
    }

    /// What it means if the function waits, for a time or for anything else.
    fn kept_waiting(&self) -> Fault {
        if let Err(fault) = self.well_placed() {
            return fault;
        }
        self.drawn(caller_kept_waiting(
            "the thread that called the function waited inside it: for the work to begin or to end, or for a time to pass",
        ))
    }
}

pub(crate) fn caller_kept_waiting(happened: &str) -> Fault {
    Fault::new("caller_kept_waiting")
        .happened(happened)
        .expected("the function returns at once, with a handle that the caller can wait on")
        .next(
            "return the handle from `spawn` without waiting for anything: the caller can await it",
        )
}

/// Has the code under study spawn work, from a thread of its own.
pub(crate) fn spawned(
    spawn: Spawn,
    case: &Case,
    stillness: &Stillness,
    work: impl Future<Output = u64> + Send + 'static,
) -> Result<(JoinHandle<u64>, Watched), Fault> {
    let watched = Watched {
        polls: Polls::new(),
        caller: Arc::default(),
        returned: Arc::default(),
        ended: Arc::default(),
        pollers: case.pollers.clone(),
        started: Arc::clone(&case.started),
        runtime: case.runtime.handle().id(),
    };
    stillness.means({
        let watched = watched.clone();
        move || watched.stopped()
    });
    let ended = Arc::clone(&watched.ended);
    let work = work
        .inspect(move |_| ended.store(true, Ordering::SeqCst))
        .boxed();
    let work = watched.polls.watch("work", work).boxed();
    let handle = case.runtime.handle().clone();
    let call = || {
        watched.caller.get_or_init(|| thread::current().id());
        catch_panic_blocking(|| spawn(handle, Opaque::new(work)))
    };
    let joined = stillness.idle_means(
        {
            let watched = watched.clone();
            move || watched.kept_waiting()
        },
        || thread::scope(|scope| scope.spawn(call).join()),
    );
    let joined = joined.expect("its panics are caught");
    let task = joined.map_err(|message| {
        match known(&message, outside(&watched.polls)) {
            None if is_of_a_time_limit(&message) => given_up_too_early(&format!(
                "the function set a time limit, and panicked with \"{message}\""
            )),
            None if watched.has_begun() => caller_kept_waiting("the function waited for the work, and panicked when it did, instead of returning its handle"),
            known => known.unwrap_or_else(|| panic!("{message}")),
        }
    })?;
    watched.returned.store(true, Ordering::SeqCst);
    Ok((task, watched))
}

/// Awaits the output of work that doesn't panic.
pub(crate) fn output(case: &Case, task: JoinHandle<u64>, watched: &Watched) -> Result<u64, Fault> {
    match case.runtime.block_on(task) {
        Ok(output) => Ok(output),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => Err(watched.panicked(&words_of(panic))),
            Err(_cancelled) => Err(cancelled()),
        },
    }
}

pub(crate) fn cancelled() -> Fault {
    wrong_runtime_used(
        "the work was dropped before it was done: it was a task of another runtime, which had ended",
    )
}

/// The handle yields what the work yields.
pub(crate) fn gives(given: u64, output: u64) -> Result<(), Fault> {
    ensure(output == given, || {
        Fault::new("wrong_handle_returned")
            .happened(format!(
                "the work yielded {given}, but its handle yielded {output}"
            ))
            .expected("the handle yields what the work yields")
            .next("return the handle that `spawn` gives you for the work, not for another task")
    })
}
