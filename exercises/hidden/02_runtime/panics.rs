//! What a panic of the code under study means.

use std::{any::Any, panic};

use async_workbook::verdict::{Fault, catch_panic_blocking};

use crate::faults::{
    clock_paused_outside_tests, future_polled_outside_runtime, runtime_dropped_early,
};

/// What a panic in tokio's own words means. That depends on whether anything had been polled outside any runtime by
/// then.
pub(crate) fn known(message: &str, polled_outside: bool) -> Option<Fault> {
    let words = message.split(". ").next().unwrap_or(message);
    let happened = format!("it panicked with \"{words}\"");
    let fault = if message.contains("there is no reactor running") {
        if polled_outside {
            let happened = format!("the future was polled outside any runtime, and {happened}");
            return Some(future_polled_outside_runtime(&happened));
        }
        Fault::new("runtime_context_missing")
            .expected("code that looks for a runtime (`tokio::spawn`, `sleep`, `Handle::current`) is called inside one")
            .next("call a method of the `Runtime` or the `Handle` instead, since a plain thread isn't inside a runtime, and make any `sleep` inside an async block")
    } else if message.contains("Cannot start a runtime from within a runtime") {
        Fault::new("nested_block_on")
            .expected("a thread that polls futures doesn't block on one")
            .next("call `block_on` once, outside all async code, and use `.await` or `spawn` inside it")
    } else if message.contains("Cannot drop a runtime in a context where blocking is not allowed") {
        Fault::new("runtime_dropped_in_async_code")
            .expected("the runtime is dropped by a thread that may wait for it to end")
            .next("keep the `Runtime` outside the async block, and use a `Handle` inside it if you need one")
    } else if message.contains("timers are disabled") || message.contains("IO is disabled") {
        Fault::new("runtime_drivers_disabled")
            .expected("timers and sockets work in the future")
            .next("call `enable_all` on the builder")
    } else if message.contains("can call blocking only when running on the multi-threaded runtime")
    {
        Fault::new("blocking_call_in_async_code")
            .expected("no thread that polls is blocked")
            .next("remove `block_in_place`: a future that you await or spawn doesn't need it")
    } else if message.contains("already frozen") {
        return Some(clock_paused_outside_tests(
            "the runtime's clock was paused from the start",
        ));
    } else if message.contains("it is being shutdown") {
        return Some(runtime_dropped_early(&happened));
    } else {
        return None;
    };
    Some(fault.happened(happened))
}

pub(crate) fn words_of(panic: Box<dyn Any + Send>) -> String {
    catch_panic_blocking(|| panic::resume_unwind(panic)).unwrap_or_else(|words| words)
}

/// Whether a panic says that a time limit had passed: that of tokio's `timeout` or of a `std` channel's `recv_timeout`.
pub(crate) fn is_of_a_time_limit(message: &str) -> bool {
    ["Elapsed", "Timeout"]
        .iter()
        .any(|error| message.contains(error))
}
