//! Faults that answers to more than one task can have.

use async_workbook::verdict::Fault;

pub(crate) fn cancelled_call_kept_running(happened: String, next: &str) -> Fault {
    Fault::new("cancelled_call_kept_running")
        .happened(happened)
        .expected("what the answer was waiting for is dropped with it, at that moment")
        .next(next)
}

pub(crate) fn backpressure_lost(happened: String, expected: &str, next: &str) -> Fault {
    Fault::new("backpressure_lost")
        .happened(happened)
        .expected(expected)
        .next(next)
}
