//! What an answer did beside a beating heart, and the faults that this shows.

use std::panic;

use async_workbook::{
    probes::heartbeat::{Heartbeat, Stage, drawing},
    services::cpu_work::{CpuCall, CpuWork},
    verdict::{Fault, catch_panic, show},
};

/// The fault that a panic's message reveals. Any other panic goes on.
pub(crate) fn fault_of(message: String) -> Fault {
    known_panic(&message).unwrap_or_else(|| panic::resume_unwind(Box::new(message)))
}

/// The fault that a panic of tokio's own reveals.
pub(crate) fn known_panic(message: &str) -> Option<Fault> {
    if message.contains("can call blocking only when running on the multi-threaded runtime") {
        let fault = Fault::new("block_in_place_misused")
            .happened(format!("`block_in_place` panicked: {message}"))
            .expected("the function works on every runtime, even on `current_thread`, which has no other thread to take over its tasks")
            .next("replace `block_in_place` with `spawn_blocking`, which works on every runtime");
        return Some(fault);
    }
    message
        .contains("Cannot start a runtime from within a runtime")
        .then(|| {
            Fault::new("thread_joined_in_async_code")
                .happened(format!("`block_on` panicked: {message}"))
                .expected("the runtime's thread runs other tasks until the result is there")
                .next("await the future instead of calling `block_on`, and move code that blocks into `spawn_blocking`")
        })
}

/// The fault, with a drawing of where the heart beat.
pub(crate) fn drawn(fault: Fault, name: &str, calls: &[CpuCall]) -> Fault {
    let stages: Vec<Stage> = calls.iter().map(|call| call.stage).collect();
    fault.drawn(drawing(name, &stages))
}

/// Shows where the heart beat, once the test is content.
pub(crate) fn show_beats(name: &str, calls: &[CpuCall]) {
    show(|| {
        let stages: Vec<Stage> = calls.iter().map(|call| call.stage).collect();
        drawing(name, &stages)
    });
}

/// What an answer did beside a beating heart.
pub(crate) struct Watched {
    pub(crate) outcome: Result<u64, String>,
    /// How often `CpuWork` was called, and the calls that ended.
    pub(crate) begun: usize,
    pub(crate) calls: Vec<CpuCall>,
    /// How often the heart had beaten when the answer began.
    pub(crate) start: u64,
    /// And when it had returned.
    pub(crate) end: u64,
}

impl Watched {
    pub(crate) async fn new(answer: impl AsyncFnOnce(&CpuWork) -> u64) -> Self {
        let heartbeat = Heartbeat::start();
        let cpu_work = CpuWork::new(&heartbeat);
        let start = heartbeat.beats();
        let outcome = catch_panic(answer(&cpu_work)).await;
        Self {
            outcome,
            begun: cpu_work.begun(),
            calls: cpu_work.calls(),
            start,
            end: heartbeat.beats(),
        }
    }
}

pub(crate) fn one_yield_at_the_start(what: &str) -> Fault {
    Fault::new("one_yield_at_the_start").happened(format!(
        "the heart beat before {what} began, and 0 times from then on"
    ))
}
