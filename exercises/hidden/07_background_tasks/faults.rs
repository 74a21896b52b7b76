//! Faults that tests of several tasks find.

use std::time::Duration;

use async_workbook::{clock::Readable, harness::counted, verdict::Fault};

use crate::{Refused, job::Job};

pub(crate) fn were(count: usize, noun: &str) -> String {
    format!(
        "{} {}",
        counted(count, noun),
        if count == 1 { "was" } else { "were" }
    )
}

pub(crate) fn slot_leaked(happened: String) -> Fault {
    Fault::new("slot_leaked")
        .happened(happened)
        .expected("a job that has ended leaves room for another, whether it returned `Ok`, returned `Err` or panicked")
        .next("in `submit`, call `try_join_next` until it returns `None` before you count the jobs; or if you count with permits, move the permit into the task, which drops it even after a panic")
}

pub(crate) fn wrong_error_returned(refused: Refused, when: &str) -> Fault {
    Fault::new("wrong_error_returned")
        .happened(format!("{when}, `submit` refused a job as `{refused:?}`"))
        .expected("`submit` returns `ShuttingDown` once the shutdown has begun, and never before: a caller may try again after `Full`, but not after `ShuttingDown`")
        .next("in `submit`, first check whether the shutdown has begun, and then whether there's room")
}

pub(crate) fn accepted_job_dropped(job: &Job) -> Fault {
    let after = job.gone.map_or(Duration::ZERO, |gone| gone - job.submitted);
    Fault::new("accepted_job_dropped")
        .happened(format!(
            "`submit` accepted {}, which takes {}, and the job was dropped {} later, {}",
            job.name,
            Readable(job.takes),
            Readable(after),
            if job.begun.is_some() { "halfway through" } else { "before it began" }
        ))
        .expected("an accepted job runs to its end, unless the grace of a shutdown ends first")
        .next("keep your `JoinSet` or `AbortOnDropHandle` in a field of `Background`: it aborts its tasks when it goes out of scope. If you put a timeout around the job, remove it")
}

/// The answer didn't wait for the jobs, or doesn't know about them.
pub(crate) fn left_running(happened: String) -> Fault {
    Fault::new("fire_and_forget")
        .happened(happened)
        .expected("`shutdown` waits for the jobs and reports each of them: a job that's still running is lost when the program ends")
        .next("spawn the jobs on a `JoinSet` in a field of `Background`, and await `join_next` in `shutdown`")
}
