//! Faults that answers to more than one task have.

use std::time::Duration;

use async_workbook::verdict::Fault;

pub(crate) fn executor_without_runtime(happened: &str) -> Fault {
    Fault::new("executor_without_runtime")
        .happened(happened)
        .expected("the future is polled by a tokio runtime, which has the timers and sockets that wake it, and runs what it spawns")
        .next("use `block_on` of a tokio `Runtime`, in place of another executor or a poll loop")
}

pub(crate) fn nobody_polls(happened: &str) -> Fault {
    Fault::new("nobody_polls")
        .happened(format!("stopped, since it never came back: {happened}"))
        .expected("as long as somebody waits for it, a thread drives the runtime")
        .next("a `current_thread` runtime polls tasks and fires timers only while a thread is in its `Runtime::block_on` (that of a `Handle` drives nothing): wait there, or take a `multi_thread` one")
}

pub(crate) fn runtime_leaked(happened: &str) -> Fault {
    Fault::new("runtime_leaked")
        .happened(happened)
        .expected("the runtime has ended by then, and has dropped the tasks that were left")
        .next("let one variable or field own the `Runtime`, so that it is dropped with it: no `static`, no `leak` or `forget`, no thread that is left to itself")
}

pub(crate) fn runtime_dropped_early(happened: &str) -> Fault {
    Fault::new("runtime_dropped_early")
        .happened(happened)
        .expected("the runtime is there for as long as somebody uses it")
        .next("keep the `Runtime` itself in a field: a `Handle` names a runtime, and does not keep it going")
}

pub(crate) fn given_up_early(happened: &str) -> Fault {
    Fault::new("given_up_early")
        .happened(happened)
        .expected("it is driven to its end, however long that takes: what is too long is for the caller to say")
        .next("set no time limit: leave out `timeout`, `recv_timeout` and the like")
}

pub(crate) fn clock_paused(wanted: Duration, took: Duration) -> Fault {
    Fault::new("clock_paused")
        .happened(format!(
            "a wait of {} ms was over after {} µs",
            wanted.as_millis(),
            took.as_micros()
        ))
        .expected("a wait takes its time: the clock is real")
        .next("leave out `start_paused`, which is for tests")
}

pub(crate) fn another_runtime(happened: &str) -> Fault {
    Fault::new("another_runtime")
        .happened(happened)
        .expected("the runtime that is meant does the work")
        .next("use the runtime that you were given, or that you keep: neither make another nor take the one that the thread happens to be inside")
}
