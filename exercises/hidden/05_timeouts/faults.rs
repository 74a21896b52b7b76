//! What can be wrong with an answer to any of the tasks.

use std::panic::resume_unwind;

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

/// The function panicked where nothing that it was given did.
pub(crate) fn panicked(message: &str, next: &str) -> Fault {
    if !message.contains("Elapsed(") {
        resume_unwind(Box::new(message.to_owned()));
    }
    Fault::new("timeout_error_unwrapped")
        .happened(format!(
            "the time was up, and the function panicked: {message}"
        ))
        .expected("a wait that takes too long is what the function is for: it doesn't panic")
        .next(next)
}

pub(crate) fn panic_swallowed(happened: String) -> Fault {
    Fault::new("panic_swallowed")
        .happened(happened)
        .expected("a panic goes on to the caller, at once: it isn't an answer, nor an error of the upstream")
        .next("where a task's handle gives an `Err`, pass its panic on: `resume_unwind(error.into_panic())`")
}

pub(crate) fn zero_taken_as_unset(happened: String) -> Fault {
    Fault::new("zero_taken_as_unset")
        .happened(happened)
        .expected("a time of zero is over at once")
        .next("remove what you do for zero: `timeout` and `sleep` take zero like any other time")
}
