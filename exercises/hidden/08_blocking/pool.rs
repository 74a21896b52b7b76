//! A runtime's blocking pool, held at a gate.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

pub(crate) const NAP: Duration = Duration::from_millis(1);

/// The threads of a runtime's blocking pool, each held at a gate until the loop comes round: so no job is
/// done by the time that whoever handed it in goes on.
///
/// The pool keeps no thread that has nothing to do, and so each job gets one of its own. Counting threads
/// counts jobs, those of this runtime alone, and no tasks.
#[derive(Default)]
pub(crate) struct Pool(Mutex<Threads>);

#[derive(Default)]
pub(crate) struct Threads {
    pub(crate) begun: usize,
    /// So many of those that have begun may pass the gate.
    let_in: usize,
    pub(crate) ended: usize,
    /// Whether the gate stands open for all that begin.
    open: bool,
    /// Whether one has gone in by itself, since the loop did not come round.
    pub(crate) impatient: bool,
}

impl Pool {
    /// Called by a thread that has begun; returns when it may do its job.
    pub(crate) fn enter(&self) {
        const PATIENCE: u32 = 2_000;
        let number = {
            let mut threads = self.lock();
            threads.begun += 1;
            if threads.open {
                threads.let_in = threads.begun;
            }
            threads.begun
        };
        let let_in = self.wait(PATIENCE, |threads| {
            threads.let_in >= number || threads.impatient
        });
        let mut threads = self.lock();
        threads.let_in = threads.let_in.max(number);
        threads.impatient |= !let_in;
    }

    /// Called by a thread that has done its job.
    pub(crate) fn leave(&self) {
        self.lock().ended += 1;
    }

    pub(crate) fn open(&self) {
        let mut threads = self.lock();
        threads.open = true;
        threads.let_in = threads.begun;
    }

    /// Lets nobody else in, once those that are in have ended, or after so many naps: a job may wait for
    /// what the loop has yet to send. Says whether none is left.
    pub(crate) fn close(&self, naps: u32) -> bool {
        let none_left = self.wait(naps, |threads| {
            let none_left = threads.let_in == threads.ended;
            if none_left {
                threads.open = false;
            }
            none_left
        });
        self.lock().open = false;
        none_left
    }

    /// Counts naps, not time: on a busy machine each of them takes longer, and so does the patience.
    #[expect(clippy::disallowed_methods, reason = "it holds the loop on purpose")]
    fn wait(&self, naps: u32, done: impl Fn(&mut Threads) -> bool) -> bool {
        for _ in 0..naps {
            if done(&mut self.lock()) {
                return true;
            }
            thread::sleep(NAP);
        }
        done(&mut self.lock())
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Threads> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
