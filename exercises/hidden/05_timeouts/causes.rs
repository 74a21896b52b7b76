//! Causes that a paused clock doesn't show by itself. Each is looked for once an answer is known to be wrong, and
//! gives its fault a better name.

use std::{thread, time::Duration};

use async_workbook::verdict::Fault;

/// Whether a function that can do right does wrong when the wall clock goes on, while the paused clock stands still.
///
/// `does_right` is called with what to do first. A time on the wall clock that it reaches then, and on the paused clock
/// doesn't, is a tenth of a second.
pub(crate) async fn goes_by_the_wall_clock(does_right: impl AsyncFn(fn()) -> bool) -> bool {
    // What goes by the wall clock may be late by itself on a busy machine, and not each time.
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
        .happened(format!("{what} kept a thread, and no time passed on tokio's clock"))
        .expected("the function waits on tokio's clock, and keeps no thread meanwhile")
        .next("await `tokio::time::sleep` in place of `std::thread::sleep`, and use no other call that waits without `.await`")
}

pub(crate) fn wall_clock_used(happened: &str) -> Fault {
    Fault::new("wall_clock_used")
        .happened(happened)
        .expected("time is measured on tokio's clock, which a test can pause")
        .next("use `tokio::time::Instant` in place of `std::time::Instant`, and `tokio::time::sleep` in place of a thread that sleeps; or ask no clock at all, and await a `timeout`")
}
