//! The futures of a hidden test. Each is polled only when it has been woken.

use std::{
    cell::RefCell,
    sync::{Arc, Weak},
};

use async_workbook::probes::woken::{Wakes, WhenWoken};

thread_local! {
    /// Those of the hidden test that runs on this thread.
    static ALL: RefCell<Vec<Weak<Wakes>>> = const { RefCell::new(Vec::new()) };
}

/// Polls a future only when it has been woken, or when [`wake_all`] is called.
pub(crate) fn when_woken<'a, T>(future: impl Future<Output = T> + 'a) -> WhenWoken<'a, T> {
    let future = WhenWoken::new(future);
    ALL.with_borrow_mut(|all| {
        all.retain(|wakes| wakes.strong_count() > 0);
        all.push(Arc::downgrade(&future.wakes()));
    });
    future
}

/// Wakes every future of this test, though nothing has happened that it could have waited for.
pub(crate) fn wake_all() {
    let all = ALL.with_borrow(Clone::clone);
    for wakes in all.iter().filter_map(Weak::upgrade) {
        wakes.wake_for_no_reason();
    }
}
