//! Tells when nothing in this process can go on any more, so a test needn't wait for a hang to end.
//!
//! All threads are looked at twice. Suppose each of them waited both times, didn't run in between, and waits only for
//! another of them. Then there was a moment when all of them waited, and none can ever wake another: that's a fact,
//! however busy the machine. If a thread sleeps, waits with a time limit, or runs, something may still happen. The same
//! goes for one that waits for the network, since only the kernel knows what is under way there: a test that uses the
//! network looks away.
//!
//! Linux tells what a thread waits for. On other systems nothing is ever known to be still, and a hang ends at the time
//! limit.

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

/// How long the threads are left alone, at least, before they're looked at again.
const INTERVAL: Duration = ms(3);

/// More processor time than code takes that only goes to sleep, and a small part of what code takes that never does.
const RESTLESS: Duration = ms(200);

/// What a test says in advance about the moment when nothing can go on any more. Clones share it.
#[derive(Clone)]
pub(crate) struct Stillness {
    state: Arc<Mutex<State>>,
    diagnosis: TimeoutDiagnosis,
}

#[derive(Default)]
struct State {
    means: Option<Meaning>,
    /// What it means if all threads wait, some of them with a time limit.
    idle_means: Option<Meaning>,
    asleep: Option<Asleep>,
    releases: Vec<Release>,
    is_watched: bool,
    uses_network: bool,
    /// How often `idle_means`, `asleep` or `uses_network` has been set or unset.
    changes: u64,
}

type Meaning = Arc<dyn Fn() -> Fault + Send + Sync>;

/// What it means if code that should sleep until another thread wakes it doesn't.
#[derive(Clone)]
struct Asleep {
    /// It sets a time limit of its own.
    limited: Meaning,
    /// It doesn't sleep at all.
    restless: Meaning,
    /// The processor time at the first look.
    since: Option<Duration>,
}

impl Asleep {
    /// What it means that the threads do this, if it's more than to sleep until another wakes them.
    fn disturbed(&mut self, activity: Activity, processor_time: Duration) -> Option<Meaning> {
        // When a thread ends, its time is no longer counted.
        let since = processor_time.min(self.since.unwrap_or(processor_time));
        self.since = Some(since);
        match activity {
            Activity::Busy if processor_time - since > RESTLESS => Some(&self.restless),
            Activity::Idle | Activity::Dormant => Some(&self.limited),
            Activity::Busy | Activity::Still => None,
        }
        .cloned()
    }
}

struct Release {
    free: Box<dyn FnOnce() + Send>,
    at: Activity,
    made: Instant,
    /// When all threads were first seen to wait, with a time limit or without.
    idle: Option<Instant>,
}

impl Release {
    /// A thread that waits with a time limit delays it for [`PATIENCE`] at most, and one that never waits, for twice as
    /// long.
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
    /// Sets what it means if nothing goes on any more from now on.
    pub(crate) fn means(&self, fault: impl Fn() -> Fault + Send + Sync + 'static) {
        let fault: Meaning = Arc::new(fault);
        let at_the_limit = Arc::clone(&fault);
        self.diagnosis.set(move || at_the_limit());
        self.state().means = Some(fault);
    }

    /// Calls `code`, and says what it means if that waits: for a time, or for whatever other threads wait for.
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

    /// Calls `code`, which has nothing to do but sleep until another thread wakes it. Says what it means if it sleeps with
    /// a time limit, and if it keeps a processor busy instead.
    pub(crate) fn asleep<T>(
        &self,
        limited: impl Fn() -> Fault + Send + Sync + 'static,
        restless: impl Fn() -> Fault + Send + Sync + 'static,
        code: impl FnOnce() -> T,
    ) -> T {
        let asleep = Asleep {
            limited: Arc::new(limited),
            restless: Arc::new(restless),
            since: None,
        };
        if self.state().is_watched {
            // All threads waiting would have been noticed before the time limit.
            let restless = Arc::clone(&asleep.restless);
            self.diagnosis.set(move || restless());
        }
        let given = self.meanwhile(
            |state, now| state.asleep = now.then(|| asleep.clone()),
            code,
        );
        let means = self.state().means.clone();
        if let Some(means) = means {
            self.diagnosis.set(move || means());
        }
        given
    }

    /// Waits until all other threads wait, too. If nobody can tell, it waits for a moment, in which most code gets there.
    #[expect(
        clippy::disallowed_methods,
        reason = "a plain thread waits here, which polls nothing"
    )]
    pub(crate) fn settled(&self) {
        const MOMENT: Duration = ms(20);
        if !self.state().is_watched {
            return thread::sleep(MOMENT);
        }
        let (release, released) = mpsc::channel::<()>();
        self.releases(move || drop(release));
        // The sender is dropped, and sends nothing.
        released.recv().ok();
    }

    /// Calls `code`, which uses the network. Until it returns, stillness means nothing.
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

    /// Frees what the code under study waits for, as soon as it does nothing but wait for it. By then it has done
    /// whatever it does on its own, such as reach its own time limit.
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
        // Whatever was set meanwhile counts: a thread that is still by now set it before.
        let mut state = self.state();
        let activity = match activity {
            _ if state.changes != changes || state.uses_network => Activity::Busy,
            activity => activity,
        };
        // Before anything is released, which would end the sleep.
        let asleep = state.asleep.as_mut();
        if let Some(means) =
            asleep.and_then(|asleep| asleep.disturbed(activity, threads.processor_time()))
        {
            drop(state);
            return Some(means());
        }
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

    // Held for a few assignments that can't panic.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs a hidden test as [`examine_blocking`] does, and ends it as soon as nothing goes on any more.
pub(crate) fn examine(test: impl FnOnce(&Stillness) -> Result<(), Fault> + Send + 'static) {
    examine_blocking(|diagnosis| {
        // Without the grader, other tests run in this process, with threads of their own.
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

/// Runs the test on a thread of its own. If it never ends, it's left alone.
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
    // Nobody joins it: its thread-local values may take a while to drop.
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
            // All other threads are still when the test has just ended, too.
            told.try_recv()
                .or(fault.map(|fault| Ok(Err(fault))).ok_or(()))
        });
        if let Ok(outcome) = outcome {
            return outcome.unwrap_or_else(|panic| panic::resume_unwind(panic));
        }
    }
}
