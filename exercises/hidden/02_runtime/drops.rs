//! Tells when something has been dropped, by a drop that takes its time.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
    mpsc,
};

use crate::{stillness::Stillness, threads::Activity};

/// Set when its guard has been dropped.
#[derive(Clone, Default)]
pub(crate) struct Dropped(Arc<AtomicBool>);

pub(crate) struct Guard {
    dropped: Dropped,
    stillness: Stillness,
}

impl Dropped {
    pub(crate) fn guard(&self, stillness: &Stillness) -> Guard {
        Guard {
            dropped: self.clone(),
            stillness: stillness.clone(),
        }
    }

    pub(crate) fn get(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// It ends when everybody waits, so that whoever goes on without waiting for it comes too early.
impl Drop for Guard {
    fn drop(&mut self) {
        let (release, released) = mpsc::channel::<()>();
        self.stillness
            .releases_at(Activity::Idle, move || drop(release));
        // The sender is dropped, and sends nothing.
        released.recv().ok();
        self.dropped.0.store(true, Ordering::SeqCst);
    }
}
