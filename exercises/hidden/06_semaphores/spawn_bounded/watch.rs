//! What the tests see of the jobs while they run.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::Handle;

/// What the tests see of the jobs while they run.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    taken: usize,
    ended: usize,
    pub(super) most_ahead: usize,
    pub(super) most_alive: usize,
}

/// Shared by the iterator and its jobs.
#[derive(Clone, Default)]
pub(super) struct Watch(Arc<Mutex<Seen>>);

impl Watch {
    pub(super) fn note(&self, note: impl FnOnce(&mut Seen)) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        note(&mut seen);
        let alive = Handle::current().metrics().num_alive_tasks();
        seen.most_alive = seen.most_alive.max(alive);
    }

    pub(super) fn seen(&self) -> Seen {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn taken(&self) -> Taken {
        self.note(|seen| {
            seen.taken += 1;
            seen.most_ahead = seen.most_ahead.max(seen.taken - seen.ended);
        });
        Taken(self.clone())
    }
}

/// A job that was taken from the iterator and hasn't ended.
pub(super) struct Taken(pub(super) Watch);

impl Drop for Taken {
    fn drop(&mut self) {
        // Jobs that are left over are dropped with the runtime, which no longer has metrics then.
        if Handle::try_current().is_ok() {
            self.0.note(|seen| seen.ended += 1);
        }
    }
}
