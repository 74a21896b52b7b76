//! Faults that answers to more than one task can have.

use std::time::Duration;

use async_workbook::{clock::Readable, harness::counted, verdict::Fault};

pub(crate) fn lock_held_while_waiting(happened: impl Into<String>) -> Fault {
    Fault::new("lock_held_while_waiting")
        .happened(happened)
        .expected("a lock is held for as long as it takes to look or to write, and never while a call is in flight")
        .next("drop the guard before you await the call: put what needs the lock into a block of its own, or call `drop(guard)`")
}

pub(crate) fn state_shared_between_calls(what: &str, happened: String) -> Fault {
    Fault::new("state_shared_between_calls")
        .happened(happened)
        .expected(format!("each {what} has a state of its own"))
        .next("keep the state in a field: the whole program shares a `static`")
}

pub(crate) fn extra_call_made(made: usize, expected: usize, after: &str) -> Fault {
    Fault::new("extra_call_made")
        .happened(format!(
            "{after}, the upstream had got {} instead of {expected}",
            counted(made, "call")
        ))
        .expected("the function makes one call, and no more")
        .next("keep the result of the call instead of calling again")
}

pub(crate) fn call_skipped(happened: String) -> Fault {
    Fault::new("call_skipped")
        .happened(happened)
        .expected("the function makes its call every time, whatever an earlier one answered")
        .next("make the call before you return, in every branch")
}

pub(crate) fn returned_early(happened: &str) -> Fault {
    Fault::new("returned_before_work_finished")
        .happened(happened)
        .expected("the function returns when its call has ended, and with the outcome")
        .next("await the call itself: a task that you spawn goes on by itself")
}

pub(crate) fn needless_wait(took: Duration, expected: Duration, what: &str) -> Fault {
    Fault::new("needless_wait")
        .happened(format!(
            "{what} took {} instead of {}",
            Readable(took),
            Readable(expected)
        ))
        .expected("it returns as soon as the result is there")
        .next("remove the sleep, or the `.await` that the result doesn't need")
}

pub(crate) fn blocking_call(name: &str, message: &str) -> Fault {
    let message = message.lines().next().unwrap_or_default();
    Fault::new("blocking_call_in_async_code")
        .happened(format!("`{name}` panicked: {message}"))
        .expected("a function that async code calls returns without blocking its thread")
        .next("in an async function, await `lock`, `send` or `recv`; elsewhere, use `std::sync::Mutex`, whose `lock` may be called anywhere")
}
