//! What the report says.

use std::{any::Any, panic};

use async_workbook::verdict::Fault;

use super::{Observed, Scenario};
use crate::{Report, faults::left_running, job::Payload};

impl Scenario {
    /// Each job is in the report once, under how it ended.
    pub(super) fn counted(&self, observed: &Observed) -> Result<(), Fault> {
        let (found, expected) = (observed.report, self.expected(observed));
        let sum = |report: Report| report.done + report.failed + report.panicked + report.aborted;
        let accepted = sum(expected);
        if found == expected {
            return Ok(());
        }
        let happened = format!(
            "the jobs: {}; the report: {}",
            words(expected),
            words(found)
        );
        if accepted > 0 && expected.aborted == 0 && found == Report::default() {
            return Err(left_running(format!(
                "{happened}: it knows of none of the jobs"
            )));
        }
        let fault = |misconception| {
            Fault::new(misconception)
                .happened(&happened)
                .expected(format!(
                    "each of the {accepted} accepted jobs is counted once, under how it ended"
                ))
        };
        if sum(found) < accepted && found.done < expected.done {
            return Err(fault("ended_jobs_not_counted")
                .next("in `submit`, count each job that you join, and let `shutdown` go on from these counts"));
        }
        let returned = |report: Report| report.done + report.failed;
        if found.aborted > expected.aborted && returned(found) < returned(expected) {
            return Err(fault("ended_counted_as_aborted")
                .next("in `shutdown`, count each job when you join it, and outside of what a `timeout` drops; join what seems late as well, since it may have ended all the same"));
        }
        if found.failed < expected.failed && found.panicked <= expected.panicked {
            return Err(fault("failure_counted_as_done")
                .next("match on both results when you join a job: `Ok(Err(_))` is a job that returned an error"));
        }
        if sum(found) < accepted && found.done == expected.done {
            return Err(fault("join_error_lost")
                .next("count the `Err` of joining a task as well: a panic and an abort show only there, and both skip whatever the task does after its job"));
        }
        if found.panicked != expected.panicked && sum(found) == accepted {
            return Err(fault("panic_not_told_apart").next(
                "ask the `JoinError` which of its two causes it has: `is_panic` or `is_cancelled`; the `Err` of `catch_unwind` is a panic, not a job that failed; and don't unwrap a job's own `Err`",
            ));
        }
        Err(fault("counts_do_not_add_up").next(if sum(found) == accepted {
            "count as done what returned `Ok`, as failed what returned `Err`, and what was aborted as neither"
        } else {
            "count each job of this `Background` in one place, when you join it, and refused jobs nowhere"
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

/// A panic of a job came out of `shutdown`, or the `JoinError` of one. A panic of the answer's own goes on: the verdict
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
        .expected("a job that panicked or was aborted is a number in the report, and `shutdown` still waits for the others")
        .next("match on the result of joining a task, without `unwrap` or `expect`; and call `join_next` in place of `JoinSet::join_all`, which passes the panic on")
}
