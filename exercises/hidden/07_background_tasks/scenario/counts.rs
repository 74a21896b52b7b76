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
                .next("count a job when it ends, or when `submit` joins it, and have `shutdown` go on from these counts"));
        }
        let returned = |report: Report| report.done + report.failed;
        if found.aborted > expected.aborted && returned(found) < returned(expected) {
            return Err(fault("ended_counted_as_aborted")
                .next("count each job when it is joined, and outside of what a `timeout` drops; join what seems late as well, for it may have ended all the same"));
        }
        if found.failed < expected.failed && found.panicked <= expected.panicked {
            return Err(fault("failure_counted_as_done")
                .next("what a joined job gives is a `Result` in a `Result`: `Ok(Err(_))` is a job that returned an error"));
        }
        if sum(found) < accepted && found.done == expected.done {
            return Err(fault("join_error_lost")
                .next("a panic and an abort end in the `JoinError` of whoever joins the task, and nowhere else: what the task itself does after its job is skipped by both"));
        }
        if found.panicked != expected.panicked && sum(found) == accepted {
            return Err(fault("panic_not_told_apart").next(
                "a `JoinError` has two causes, which `is_panic` and `is_cancelled` tell apart; the `Err` of `catch_unwind` is a panic, and not a job that failed; and a job's own `Err` is not unwrapped",
            ));
        }
        Err(fault("counts_do_not_add_up").next(if sum(found) == accepted {
            "done is what returned `Ok`, failed what returned `Err`, and what was aborted is neither"
        } else {
            "count each job of this `Background` in one place, when it ends; a refused job is not one"
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
        .expected("one job that panicked or was aborted is a number in the report; the others are waited for all the same")
        .next("match on the result of joining a task: no `unwrap` or `expect`, and no `JoinSet::join_all`, which passes the panic on")
}
