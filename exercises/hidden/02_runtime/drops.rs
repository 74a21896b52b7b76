//! Tells when something has been dropped, with a drop that takes a while.

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

/// The drop ends once every thread waits, so code that doesn't wait for it goes on too early.
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
