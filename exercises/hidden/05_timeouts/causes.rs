//! Causes that a paused clock doesn't show by itself. Each is looked for once an answer is known to be wrong, and gives its
//! fault a better name.

use std::{thread, time::Duration};

use async_workbook::verdict::Fault;

/// Keeps the thread for real, while the paused clock stands still.
#[expect(
    clippy::disallowed_methods,
    reason = "the paused clock must not see it"
)]
pub(crate) fn block(duration: Duration) {
    thread::sleep(duration);
}

/// Whether each of some runs keeps its thread for so long.
///
/// A sleep of a thread is never shorter than it was asked to be, so that this finds each of them. What only computes
/// would have to be interrupted for as long, in one run after the other.
pub(crate) async fn each_run_blocks(at_least: Duration, run: impl AsyncFn()) -> bool {
    for _ in 0..5 {
        let start = std::time::Instant::now();
        run().await;
        if start.elapsed() < at_least {
            return false;
        }
    }
    true
}

pub(crate) fn blocking_call(what: &str) -> Fault {
    Fault::new("blocking_call_in_async")
        .happened(format!("{what} kept the thread, and no time passed on tokio's clock: whatever else runs on the thread stood still"))
        .expected("the function gives the thread back while it waits")
        .next("await `tokio::time::sleep` in place of `std::thread::sleep`, and use no other call that waits without `.await`")
}

pub(crate) fn wall_clock_read(happened: &str) -> Fault {
    Fault::new("wall_clock_read")
        .happened(happened)
        .expected("time is measured on tokio's clock, which a test can pause")
        .next("use `tokio::time::Instant` in place of `std::time::Instant`; or ask no clock at all, and await a `timeout`")
}
