//! Faults that more than one task may have.

use std::time::Duration;

use async_workbook::{clock::Readable, harness::counted, verdict::Fault};

pub(crate) fn permit_leaked(happened: String) -> Fault {
    Fault::new("permit_leaked")
        .happened(happened)
        .expected("whatever ends a call or a job frees its place: success, failure, panic or drop")
        .next("let the permit go out of scope when the work has ended: no `forget`, no `add_permits` by hand, and no permit kept by what waits for something else")
}

pub(crate) fn permits_in_idle_futures(noun: &str) -> Fault {
    Fault::new("permits_in_idle_futures")
        .happened(format!("no {noun} was ever begun: every permit was taken for a future that nothing polled, and the function waits for ever for one more"))
        .expected(format!("whatever has a permit runs, so that it ends and frees its place for the next {noun}"))
        .next("a future does nothing while the loop that made it waits: take the permit inside the future, or spawn the future as soon as it has its permit")
}

pub(crate) fn permit_returned_twice(happened: String) -> Fault {
    Fault::new("permit_returned_twice")
        .happened(happened)
        .expected("each call or job gives back the one permit that it took")
        .next("give it back once, by the guard or by `add_permits` after `forget`; with a counter of your own, look at it again after each wake: `while`, not `if`")
}

pub(crate) fn gives_up_when_full(happened: String) -> Fault {
    Fault::new("gives_up_when_full")
        .happened(happened)
        .expected("whatever finds no room waits for its turn, however long")
        .next("`acquire().await` waits for a permit, where `try_acquire` or a timeout gives up; and leave out none of them, also after the first group")
}

pub(crate) fn calls_abandoned(happened: String) -> Fault {
    Fault::new("calls_abandoned")
        .happened(happened)
        .expected("whatever was begun goes on to its end, however long it takes")
        .next("look for a timeout, a `select!`, an `abort`, or a task whose handle nobody awaits")
}

pub(crate) fn threads_block(slowest: Duration, took: Duration) -> Fault {
    Fault::new("threads_block_the_runtime")
        .happened(format!(
            "a single call takes {}, but the runtime's clock saw {}: the calls ran on threads, or a runtime, of their own",
            Readable(slowest),
            Readable(took)
        ))
        .expected("the runtime that awaits the function does all of the waiting")
        .next("use no threads, no second runtime and no `block_on`: a semaphore makes futures wait, not threads")
}

pub(crate) fn calls_too_many(made: usize, expected: usize) -> Fault {
    Fault::new("calls_too_many")
        .happened(format!(
            "the upstream got {} where {expected} would do",
            counted(made, "call")
        ))
        .expected("there is one call for each page")
        .next("keep what a call brought, rather than calling again")
}
