//! Faults that an answer to any of the tasks can have.

use std::panic::resume_unwind;

use async_workbook::verdict::Fault;

/// What a test finds.
pub(crate) type Checked = Result<(), Fault>;

pub(crate) fn ran_elsewhere(what: &str) -> Fault {
    Fault::new("blocking_job_outlived_timeout")
        .happened(format!(
            "{what} was polled on another thread, where nothing can drop it half way"
        ))
        .expected("the runtime that awaits the function polls it, and can drop it at any `.await`")
        .next("remove the thread, and await the future itself beside a timer")
}

pub(crate) fn goes_on(happened: String) -> Fault {
    Fault::new("task_left_running")
        .happened(happened)
        .expected("the function drops what it gives up at that instant, and leaves nothing running")
        .next("await the future itself instead of spawning a task, which goes on when you drop its handle")
}

/// The function panicked, though nothing that it was given did.
pub(crate) fn panicked(message: &str, next: &str) -> Fault {
    if !message.contains("Elapsed(") {
        resume_unwind(Box::new(message.to_owned()));
    }
    Fault::new("timeout_error_unwrapped")
        .happened(format!(
            "time ran out, and the function panicked: {message}"
        ))
        .expected("a function that bounds a wait doesn't panic when the wait takes too long")
        .next(next)
}

pub(crate) fn panic_swallowed(happened: String) -> Fault {
    Fault::new("panic_swallowed")
        .happened(happened)
        .expected("a panic reaches the caller at once: it's neither an answer nor an error of the upstream")
        .next("remove `catch_unwind`, or if a task's handle gives an `Err`, pass its panic on: `resume_unwind(error.into_panic())`")
}

pub(crate) fn zero_taken_as_unset(happened: String) -> Fault {
    Fault::new("zero_taken_as_unset")
        .happened(happened)
        .expected("a time of zero is over at once")
        .next("remove your special case for zero: `timeout` and `sleep` treat zero like any other time")
}
