//! What can be wrong with an answer to any of the tasks.

use async_workbook::verdict::Fault;

/// What a test finds.
pub(crate) type Checked = Result<(), Fault>;

pub(crate) fn ran_elsewhere(what: &str) -> Fault {
    Fault::new("timeout_stops_spawn_blocking")
        .happened(format!("{what} was polled on another thread, where nothing can drop it half way"))
        .expected("it is polled by the runtime that awaits the function, and can be dropped at any `.await`")
        .next("await the future itself: a timer beside it needs no thread")
}

pub(crate) fn goes_on(happened: String) -> Fault {
    Fault::new("loser_goes_on")
        .happened(happened)
        .expected("what is given up is dropped at that instant, and nothing is left behind")
        .next("a task goes on when its handle is dropped: await the future itself, or keep the task in a `JoinSet` or an `AbortOnDropHandle`")
}

pub(crate) fn panic_lost(happened: String) -> Fault {
    Fault::new("panic_taken_for_timeout")
        .happened(happened)
        .expected("a panic goes on to the caller, at once")
        .next("tell the two errors apart: the time is up, or a task panicked; the latter goes on with `resume_unwind(error.into_panic())`")
}
