//! Tells when nothing in this process can go on any more, at which a hang need not be waited for.
//!
//! All threads are looked at twice. If each of them waited both times, has not run in between, and waits for nothing but
//! another of them, then there was a moment at which all of them did, and none can ever wake another: that is a fact, however
//! busy the machine. A thread that sleeps, waits with a time limit, or runs says that something may still happen. So does
//! one that waits for the network, of which the kernel alone knows what is under way: a test that uses it looks away.
//!
//! Linux tells what a thread waits for. Elsewhere nothing is ever known to be still, and a hang ends at the time limit.

use std::{
    env,
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use async_workbook::{
    harness::{Request, ms},
    verdict::{Fault, TimeoutDiagnosis, examine_blocking},
};

use crate::threads::{Activity, PATIENCE, Threads};

/// How long the threads are left alone, at least, before they are looked at again.
const INTERVAL: Duration = ms(3);

/// What a test says beforehand of the moment at which nothing can go on any more. Clones share it.
#[derive(Clone)]
pub(crate) struct Stillness {
    state: Arc<Mutex<State>>,
    diagnosis: TimeoutDiagnosis,
}

#[derive(Default)]
struct State {
    means: Option<Meaning>,
    /// What it means that all threads wait, some of them with a time limit.
    idle_means: Option<Meaning>,
    releases: Vec<Release>,
    is_watched: bool,
    uses_network: bool,
    /// How often one of the last two has begun or ended to be so.
    changes: u64,
}

type Meaning = Arc<dyn Fn() -> Fault + Send + Sync>;

struct Release {
    free: Box<dyn FnOnce() + Send>,
    at: Activity,
    made: Instant,
    /// When all threads were first seen to wait for something, with a time limit or without.
    idle: Option<Instant>,
}

impl Release {
    /// Who waits with a time limit keeps others waiting for no longer than [`PATIENCE`], and who never waits, twice as long.
    fn is_due(&mut self, activity: Activity) -> bool {
        if activity > Activity::Busy {
            self.idle.get_or_insert_with(Instant::now);
        }
        activity >= self.at
            || self.idle.is_some_and(|idle| idle.elapsed() > PATIENCE)
            || self.made.elapsed() > 2 * PATIENCE
    }
}

impl Stillness {
    /// Sets what it means if nothing goes on from now on.
    pub(crate) fn means(&self, fault: impl Fn() -> Fault + Send + Sync + 'static) {
        let fault: Meaning = Arc::new(fault);
        let at_the_limit = Arc::clone(&fault);
        self.diagnosis.set(move || at_the_limit());
        self.state().means = Some(fault);
    }

    /// Calls `code`, and says what it means if it waits meanwhile: for a time, or for whatever other threads wait for.
    pub(crate) fn idle_means<T>(
        &self,
        fault: impl Fn() -> Fault + Send + Sync + 'static,
        code: impl FnOnce() -> T,
    ) -> T {
        let fault: Meaning = Arc::new(fault);
        self.meanwhile(
            |state, now| state.idle_means = now.then(|| Arc::clone(&fault)),
            code,
        )
    }

    /// Calls `code`, which uses the network, and has stillness mean nothing meanwhile.
    pub(crate) fn look_away<T>(&self, code: impl FnOnce() -> T) -> T {
        self.meanwhile(|state, now| state.uses_network = now, code)
    }

    fn meanwhile<T>(&self, set: impl Fn(&mut State, bool), code: impl FnOnce() -> T) -> T {
        let change = |now| {
            let mut state = self.state();
            set(&mut state, now);
            state.changes += 1;
        };
        change(true);
        let given = code();
        change(false);
        given
    }

    /// Frees what the code under study waits for, as soon as it does nothing but wait for it. Whatever it does of its own accord
    /// has then come about: that its own time limit has passed, for one.
    pub(crate) fn releases(&self, free: impl FnOnce() + Send + 'static) {
        self.releases_at(Activity::Dormant, free);
    }

    /// Frees what others wait for, as soon as all threads wait for something.
    pub(crate) fn releases_at(&self, at: Activity, free: impl FnOnce() + Send + 'static) {
        let mut state = self.state();
        if state.is_watched {
            state.releases.push(Release {
                free: Box::new(free),
                at,
                made: Instant::now(),
                idle: None,
            });
        } else {
            drop(state);
            free();
        }
    }

    /// Looks at the threads. A fault ends the test.
    fn look(&self, threads: &Threads) -> Option<Fault> {
        let changes = self.state().changes;
        let activity = threads.activity();
        // Whatever was said meanwhile counts: who is still now has said it before.
        let mut state = self.state();
        let activity = match activity {
            _ if state.changes != changes || state.uses_network => Activity::Busy,
            activity => activity,
        };
        let mut releases = state.releases.iter_mut();
        if let Some(due) = releases.position(|release| release.is_due(activity)) {
            let release = state.releases.remove(due);
            drop(state);
            (release.free)();
            return None;
        }
        let means = match activity {
            Activity::Busy => None,
            Activity::Idle | Activity::Dormant => state.idle_means.clone(),
            Activity::Still => state.idle_means.clone().or_else(|| state.means.clone()),
        };
        drop(state);
        Some(means?())
    }

    // Held for a few assignments that cannot panic.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs a hidden test as [`examine_blocking`] does, and ends it as soon as nothing goes on any more.
pub(crate) fn examine(test: impl FnOnce(&Stillness) -> Result<(), Fault> + Send + 'static) {
    examine_blocking(|diagnosis| {
        // Without the grader, other tests run in this process, and their threads beside those of this one.
        let threads = env::var_os(Request::VARIABLE).and_then(|_| Threads::of_this_process());
        let stillness = Stillness {
            state: Arc::default(),
            diagnosis: diagnosis.clone(),
        };
        match threads {
            Some(threads) => watched(test, &stillness, &threads),
            None => test(&stillness),
        }
    });
}

/// Runs the test on a thread of its own, which is left alone if it never ends.
fn watched(
    test: impl FnOnce(&Stillness) -> Result<(), Fault> + Send + 'static,
    stillness: &Stillness,
    threads: &Threads,
) -> Result<(), Fault> {
    stillness.state().is_watched = true;
    let (tell, told) = mpsc::channel();
    let test = {
        let stillness = stillness.clone();
        move || {
            let outcome = panic::catch_unwind(AssertUnwindSafe(|| test(&stillness)));
            tell.send(outcome).ok();
        }
    };
    // Nobody joins it: what it has in thread-local values may take its time to be dropped.
    thread::Builder::new()
        .name(thread::current().name().unwrap_or_default().to_owned())
        .spawn(test)
        .expect("start a thread for a hidden test");
    let mut pause = INTERVAL;
    loop {
        let outcome = told.recv_timeout(pause).or_else(|_| {
            let start = Instant::now();
            let fault = stillness.look(threads);
            // The more threads there are, the longer it takes: a fifth of the time at most.
            pause = INTERVAL.max(4 * start.elapsed());
            // All others are still as well when the test has just ended.
            told.try_recv()
                .or(fault.map(|fault| Ok(Err(fault))).ok_or(()))
        });
        if let Ok(outcome) = outcome {
            return outcome.unwrap_or_else(|panic| panic::resume_unwind(panic));
        }
    }
}
