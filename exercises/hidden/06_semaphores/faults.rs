//! Faults that answers to more than one task can have.

use std::time::Duration;

use async_workbook::{clock::Readable, harness::counted, verdict::Fault};

pub(crate) fn permit_leaked(happened: String) -> Fault {
    Fault::new("permit_leaked")
        .happened(happened)
        .expected("a call or a job frees its place however it ends: by success, failure, panic or drop")
        .next("keep the permit in a variable of the block that does the work, which drops it at its end: no `forget`, and no `add_permits` by hand")
}

pub(crate) fn unrequested_cache(path: &str) -> Fault {
    Fault::new("unrequested_cache")
        .happened(format!("the answer returned a page for {path} without asking the upstream for it"))
        .expected("it asks the upstream every time: the page may have changed, and another upstream has a different one")
        .next("remove the cache: a `static` outlives the call that filled it, and all upstreams share it")
}

pub(crate) fn permit_returned_twice(happened: String) -> Fault {
    Fault::new("permit_returned_twice")
        .happened(happened)
        .expected("each call or job gives back the one permit that it took")
        .next("let the guard give the permit back, and remove your own `add_permits`. If you count by hand, check the counter in a `while` after each wake, not in an `if`")
}

pub(crate) fn call_rejected_when_full(happened: String) -> Fault {
    Fault::new("call_rejected_when_full")
        .happened(happened)
        .expected("a call or a job that finds no room waits for its turn, however long that takes")
        .next("await `acquire()` for every call or job: `try_acquire` and a timeout give up")
}

pub(crate) fn call_dropped_early(happened: String) -> Fault {
    Fault::new("call_dropped_early")
        .happened(happened)
        .expected("a call or a job that has begun runs to its end, however long it takes")
        .next("find what drops it, and remove that: a timeout, a `select!`, an `abort`, or a task whose handle you don't await")
}

pub(crate) fn threads_block(slowest: Duration, took: Duration) -> Fault {
    Fault::new("blocking_call_in_async_code")
        .happened(format!(
            "a single call takes {}, but the runtime's clock saw {}: the calls ran on threads or on a runtime of their own",
            Readable(slowest),
            Readable(took)
        ))
        .expected("the runtime that awaits the function does all of the waiting")
        .next("remove the threads, the second runtime or the `block_on`, and await the calls: a semaphore makes futures wait, not threads")
}

pub(crate) fn extra_call_made(made: usize, expected: usize) -> Fault {
    Fault::new("extra_call_made")
        .happened(format!(
            "the upstream got {} instead of {expected}",
            counted(made, "call")
        ))
        .expected("there's one call for each page")
        .next("keep the result of each call instead of calling again")
}
