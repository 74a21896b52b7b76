//! The tests' own runtimes, and what the tests see of others.

use std::time::Duration;

use async_workbook::{probes::threads::Polls, verdict::Fault};
use tokio::{
    runtime::{self, Builder, Handle, Runtime, RuntimeFlavor},
    time::{self, sleep},
};

use crate::panics::words_of;

pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A runtime of the tests' own, with this many workers. With none, the thread in `block_on` does everything.
pub(crate) fn runtime(workers: usize) -> Runtime {
    builder(workers)
        .build()
        .expect("a runtime needs nothing but file descriptors and threads")
}

/// What [`runtime`] is built with, and everything enabled.
pub(crate) fn builder(workers: usize) -> Builder {
    let mut builder = match workers {
        0 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    builder.worker_threads(workers.max(1)).enable_all();
    builder
}

/// A day on a clock that can be paused, which takes no time. A `multi_thread` runtime doesn't have one.
pub(crate) async fn a_day() {
    if Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread {
        time::pause();
        sleep(DAY).await;
        time::resume();
    }
}

/// Calls it on a thread of this runtime's pool for blocking calls: inside a runtime's context, where it may block.
pub(crate) fn on_the_pool<T: Send + 'static>(
    outer: &Runtime,
    code: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let called = outer.block_on(outer.spawn_blocking(code));
    called.unwrap_or_else(|error| {
        let words = words_of(error.into_panic());
        Err(Fault::new("call_from_blocking_pool_refused")
            .happened(format!("a thread of a runtime's pool for blocking calls called your code, which panicked with \"{words}\""))
            .expected("it works on every thread that may block, and that thread may, even though it's inside a runtime")
            .next("remove the check with `Handle::try_current`: `block_on` itself panics on a thread that polls"))
    })
}

pub(crate) fn outside(polls: &Polls) -> bool {
    polls.all().iter().any(|poll| poll.runtime.is_none())
}

pub(crate) fn on_other_runtimes(polls: &Polls, meant: runtime::Id) -> bool {
    polls.all().iter().any(|poll| poll.runtime != Some(meant))
}
