//! Faults that more than one task's answers can have.

use std::time::Duration;

use async_workbook::verdict::Fault;

pub(crate) fn future_polled_outside_runtime(happened: &str) -> Fault {
    Fault::new("future_polled_outside_runtime")
        .happened(happened)
        .expected("a tokio runtime polls the future: it has the timers and sockets that wake the future, and runs what the future spawns")
        .next("replace the other executor, or the poll loop, with `block_on` on a tokio `Runtime`")
}

pub(crate) fn runtime_never_driven(happened: &str) -> Fault {
    Fault::new("runtime_never_driven")
        .happened(format!("it never returned: {happened}"))
        .expected("a thread drives the runtime for as long as anybody waits for it")
        .next("wait in `Runtime::block_on`: a `current_thread` runtime polls tasks and fires timers only while a thread is in that, and `Handle::block_on` drives nothing")
}

pub(crate) fn runtime_leaked(happened: &str) -> Fault {
    Fault::new("runtime_leaked")
        .happened(happened)
        .expected("the runtime has ended by then, and its tasks have been dropped")
        .next("let one local variable own the `Runtime`, and let it drop: use no `static`, `leak`, `forget` or `shutdown_background`, and no thread that nobody joins")
}

pub(crate) fn runtime_dropped_early(happened: &str) -> Fault {
    Fault::new("runtime_dropped_early")
        .happened(happened)
        .expected("the runtime lives for as long as anybody uses it")
        .next("keep the `Runtime` itself in a variable: a `Handle` names a runtime, but doesn't keep it alive")
}

pub(crate) fn given_up_too_early(happened: &str) -> Fault {
    Fault::new("given_up_too_early")
        .happened(happened)
        .expected("it's driven to its end, however long that takes: the caller decides how long is too long")
        .next("remove the time limit: the `timeout`, the `recv_timeout` or whatever else ends the wait")
}

pub(crate) fn over_too_soon(wanted: Duration, took: Duration) -> Fault {
    clock_paused_outside_tests(&format!(
        "a wait of {} ms was over after {} µs",
        wanted.as_millis(),
        took.as_micros()
    ))
}

pub(crate) fn clock_paused_outside_tests(happened: &str) -> Fault {
    Fault::new("clock_paused_outside_tests")
        .happened(happened)
        .expected("a wait takes its time: the clock is real")
        .next("remove `start_paused` and `pause`, which are for tests")
}

pub(crate) fn wrong_runtime_used(happened: &str) -> Fault {
    Fault::new("wrong_runtime_used")
        .happened(happened)
        .expected("the runtime of the handle, or one that the function builds, does the work")
        .next("use the runtime that you were given, or the one that you built: not the one that the thread happens to be inside, as `Handle::current` gives")
}
