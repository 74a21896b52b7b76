//! Causes that a paused clock doesn't show by itself. The tests look for them once an answer is known to be wrong, to
//! give its fault a better name.

use std::{thread, time::Duration};

use async_workbook::verdict::Fault;

/// Whether a function that can pass fails when time passes on the wall clock and not on the paused clock.
///
/// `does_right` takes something to do first. The function's own limit is a tenth of a second, which that exceeds on the
/// wall clock alone.
pub(crate) async fn goes_by_the_wall_clock(does_right: impl AsyncFn(fn()) -> bool) -> bool {
    // On a busy machine, a function that uses the wall clock may now and then be late by itself.
    let mut can = false;
    for _ in 0..5 {
        can = can || does_right(|| ()).await;
    }
    can && !does_right(block).await && !does_right(block).await
}

#[expect(
    clippy::disallowed_methods,
    reason = "the paused clock must not see it"
)]
fn block() {
    thread::sleep(Duration::from_millis(300));
}

/// Whether each of five runs blocks its thread for at least this long.
///
/// A sleeping thread never wakes up early, so this finds every one. Code that only computes would have to be
/// interrupted for that long in each run.
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
    Fault::new("blocking_call_in_async_code")
        .happened(format!("{what} blocked a thread, and no time passed on tokio's clock"))
        .expected("the function waits on tokio's clock, and doesn't block a thread")
        .next("replace `std::thread::sleep`, or whatever else waits without `.await`, with `tokio::time::sleep(…).await`")
}

pub(crate) fn real_clock_used(happened: &str) -> Fault {
    Fault::new("real_clock_used")
        .happened(happened)
        .expected("the function measures time on tokio's clock, which a test can pause")
        .next("replace `std::time::Instant`, or a thread that sleeps, with `tokio::time::timeout`, which watches tokio's clock for you")
}
