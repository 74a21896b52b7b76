//! A runtime's blocking pool, held at a gate.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

pub(crate) const NAP: Duration = Duration::from_millis(1);

/// The threads of a runtime's blocking pool, each held at a gate until the loop comes round. So no job is
/// done before the code that submitted it goes on.
///
/// The pool doesn't keep idle threads, so each job gets its own. Counting threads therefore counts jobs, only
/// those of this runtime, and no tasks.
#[derive(Default)]
pub(crate) struct Pool(Mutex<Threads>);

#[derive(Default)]
pub(crate) struct Threads {
    pub(crate) begun: usize,
    /// How many of those that have begun may pass the gate.
    let_in: usize,
    pub(crate) ended: usize,
    /// Whether the gate is open for every thread that begins.
    open: bool,
    /// Whether a thread has gone in by itself because the loop didn't come round.
    pub(crate) impatient: bool,
}

impl Pool {
    /// Called by a thread that has begun. Returns when it may do its job.
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

    /// Closes the gate once the threads that are in have ended, or after so many naps, since a job may be waiting
    /// for something that the loop has yet to send. Returns whether no thread is left.
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

    /// Counts naps, not time: on a busy machine each nap takes longer, so the patience lasts longer too.
    #[expect(
        clippy::disallowed_methods,
        reason = "it blocks the event loop on purpose"
    )]
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
