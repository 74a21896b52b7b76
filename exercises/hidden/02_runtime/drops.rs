//! Tells when something has been dropped.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use async_workbook::harness::ms;

/// Set when its guard has been dropped.
#[derive(Clone, Default)]
pub(crate) struct Dropped(Arc<AtomicBool>);

pub(crate) struct Guard(Dropped);

impl Dropped {
    pub(crate) fn guard(&self) -> Guard {
        Guard(self.clone())
    }

    pub(crate) fn get(&self) -> bool {
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
