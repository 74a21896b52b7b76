//! Work that is handed over to a runtime, by a thread that is inside none, and what becomes of it.

use std::{
    collections::HashSet,
    sync::{
        Arc, Barrier, OnceLock,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::{self, ThreadId},
};

use async_workbook::{
    probes::threads::{Poll, Polls},
    verdict::{Fault, TimeoutDiagnosis, catch_panic_blocking, ensure},
};
use futures::FutureExt as _;
use tokio::{
    runtime::{self, Runtime},
    sync::oneshot,
    task::JoinHandle,
};

use crate::{
    Opaque, Spawn,
    faults::another_runtime,
    panics::{explained, known, words_of},
    runtimes::{on_other_runtimes, outside, runtime},
};

/// A runtime, with the threads that poll its tasks.
pub(crate) struct Case {
    pub(crate) runtime: Arc<Runtime>,
    pollers: HashSet<ThreadId>,
    // Dropped, it ends the thread that drives a `current_thread` runtime.
    _driven: Option<oneshot::Sender<()>>,
}

impl Case {
    pub(crate) fn new(workers: usize) -> Self {
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
    pub(crate) fn not_driven() -> Self {
        Self {
            runtime: Arc::new(runtime(0)),
            pollers: HashSet::from([thread::current().id()]),
            _driven: None,
        }
    }

    pub(crate) fn all() -> [Self; 3] {
        [2, 1, 0].map(Self::new)
    }
}

/// One task after the other begins, and then keeps its worker until each worker has one.
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

/// What is known of a work that was handed over.
#[derive(Clone)]
pub(crate) struct Watched {
    pub(crate) polls: Polls,
    caller: Arc<OnceLock<ThreadId>>,
    returned: Arc<AtomicBool>,
    pollers: HashSet<ThreadId>,
    runtime: runtime::Id,
}

impl Watched {
    /// Whether it was polled where it should be.
    pub(crate) fn well_placed(&self) -> Result<(), Fault> {
        self.placed().map_err(|fault| self.drawn(fault))
    }

    /// The fault, with a drawing of which threads polled the work.
    pub(crate) fn drawn(&self, fault: Fault) -> Fault {
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

    pub(crate) fn called(&self, poll: &Poll) -> bool {
        Some(&poll.thread) == self.caller.get()
    }

    pub(crate) fn placed(&self) -> Result<(), Fault> {
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
    pub(crate) fn stopped(&self) -> Fault {
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

pub(crate) fn caller_waits(happened: &str) -> Fault {
    Fault::new("caller_waits")
        .happened(happened)
        .expected("the function returns at once, with the handle to wait with")
        .next("return what `spawn` returns: whoever needs the output awaits the handle")
}

/// Has the code under study spawn a work, from a thread of its own.
pub(crate) fn spawned(
    spawn: Spawn,
    case: &Case,
    diagnosis: &TimeoutDiagnosis,
    work: impl Future<Output = u64> + Send + 'static,
) -> Result<(JoinHandle<u64>, Watched), Fault> {
    let watched = Watched {
        polls: Polls::new(),
        caller: Arc::default(),
        returned: Arc::default(),
        pollers: case.pollers.clone(),
        runtime: case.runtime.handle().id(),
    };
    diagnosis.set({
        let watched = watched.clone();
        move || watched.stopped()
    });
    let work = watched.polls.watch("work", work.boxed()).boxed();
    let handle = case.runtime.handle().clone();
    let joined = thread::scope(|scope| {
        let caller = scope.spawn(|| {
            watched.caller.get_or_init(|| thread::current().id());
            catch_panic_blocking(|| spawn(handle, Opaque::new(work)))
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
pub(crate) fn output(case: &Case, task: JoinHandle<u64>, watched: &Watched) -> Result<u64, Fault> {
    match case.runtime.block_on(task) {
        Ok(output) => Ok(output),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => Err(explained(&words_of(panic), outside(&watched.polls))),
            Err(_cancelled) => Err(cancelled()),
        },
    }
}

pub(crate) fn cancelled() -> Fault {
    another_runtime(
        "the work was dropped before it was done: it was no task of the handle's runtime, and the one that it was given to had ended",
    )
}

/// The handle gives what the work gives.
pub(crate) fn gives(given: u64, output: u64) -> Result<(), Fault> {
    ensure(output == given, || {
        Fault::new("output_lost")
            .happened(format!("the work gave {given}, and its handle {output}"))
            .expected("the handle gives what the work gives")
            .next("return the handle of the work, rather than of something beside it")
    })
}
