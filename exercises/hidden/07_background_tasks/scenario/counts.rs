//! What the report says.

use std::{any::Any, panic};

use async_workbook::verdict::Fault;

use super::{Observed, Scenario};
use crate::{Report, faults::left_running, job::Payload};

impl Scenario {
    /// The report counts each job once, under how it ended.
    pub(super) fn counted(&self, observed: &Observed) -> Result<(), Fault> {
        let (found, expected) = (observed.report, self.expected(observed));
        let sum = |report: Report| report.done + report.failed + report.panicked + report.aborted;
        let accepted = sum(expected);
        if found == expected {
            return Ok(());
        }
        let happened = format!(
            "the jobs were {}, and the report says {}",
            words(expected),
            words(found)
        );
        if accepted > 0 && expected.aborted == 0 && found == Report::default() {
            return Err(left_running(format!(
                "{happened}: it doesn't know about any of the jobs"
            )));
        }
        let fault = |misconception| {
            Fault::new(misconception)
                .happened(&happened)
                .expected(format!(
                    "the report counts each of the {accepted} accepted jobs once, under how it ended"
                ))
        };
        if sum(found) < accepted && found.done < expected.done {
            return Err(fault("finished_jobs_not_counted")
                .next("in `submit`, count each job that you join, and let `shutdown` start from those counts"));
        }
        let returned = |report: Report| report.done + report.failed;
        if found.aborted > expected.aborted && returned(found) < returned(expected) {
            return Err(fault("finished_job_counted_as_aborted")
                .next("in `shutdown`, count a job as aborted only if joining it gives a `JoinError` that isn't a panic: it may have ended before the abort"));
        }
        if found.failed < expected.failed && found.panicked <= expected.panicked {
            return Err(fault("inner_error_ignored")
                .next("match on both results when you join a job: `Ok(Err(_))` means that the job returned an error"));
        }
        if sum(found) < accepted && found.done == expected.done {
            return Err(fault("join_error_ignored")
                .next("count the `Err` that joining a task gives, too: a panic and an abort show only there"));
        }
        if found.panicked != expected.panicked && sum(found) == accepted {
            return Err(fault("panic_and_abort_confused").next(
                "call `is_panic` on the `JoinError`, which is false after an abort. Don't unwrap a job's own `Err`, which would turn it into a panic",
            ));
        }
        Err(fault("jobs_miscounted").next(if sum(found) == accepted {
            "count a job that returned `Ok` as done, one that returned `Err` as failed, and an aborted one as neither"
        } else {
            "count each job of this `Background` in one place, when you join it, and don't count refused jobs"
        }))
    }
}

fn words(report: Report) -> String {
    let Report {
        done,
        failed,
        panicked,
        aborted,
    } = report;
    format!("{done} done, {failed} failed, {panicked} panicked, {aborted} aborted")
}

/// A job's panic, or its `JoinError`, came out of `shutdown`. A panic of the answer's own goes on, and the verdict
/// shows where it was raised.
pub(super) fn panicked(payload: Box<dyn Any + Send>) -> Fault {
    let happened = if payload.is::<Payload>() {
        "a job panicked, and its panic came out of `shutdown`".to_owned()
    } else {
        match payload.downcast_ref::<String>() {
            Some(message) if message.contains("JoinError") => {
                format!("a job panicked, and so did `shutdown`: {message}")
            }
            _ => panic::resume_unwind(payload),
        }
    };
    Fault::new("join_error_unwrapped")
        .happened(happened)
        .expected("the report counts a job that panicked or was aborted, and `shutdown` still waits for the others")
        .next("in `shutdown`, match on what `join_next` gives instead of calling `unwrap`, `expect` or `JoinSet::join_all`, which pass the panic on")
}
