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
        .next("tie the slot to the task: move a permit into it, which even a panic drops; or if a `JoinSet` counts the jobs, call `try_join_next` in `submit` until it returns `None`")
}

pub(crate) fn wrong_refusal(refused: Refused, when: &str) -> Fault {
    Fault::new("wrong_refusal")
        .happened(format!("{when}, a job was refused as `{refused:?}`"))
        .expected("a caller can try again after `Full`, but not after `ShuttingDown`: `submit` returns the latter always once the shutdown has begun, and never before")
        .next("in `submit`, look first at whether the shutdown has begun, and then at the room")
}

pub(crate) fn accepted_then_dropped(job: &Job) -> Fault {
    let after = job.gone.map_or(Duration::ZERO, |gone| gone - job.submitted);
    Fault::new("accepted_then_dropped")
        .happened(format!(
            "{}, which takes {}, was accepted, and dropped {} later, {}",
            job.name,
            Readable(job.takes),
            Readable(after),
            if job.begun.is_some() { "halfway through" } else { "before it began" }
        ))
        .expected("an accepted job runs to its end, unless the grace of a shutdown ends first")
        .next("find what owns the task, and keep it in a field of `Background`: a `JoinSet` or an `AbortOnDropHandle` that goes out of scope aborts its tasks; and give the job no timeout")
}

/// Nobody waited for the jobs, or knows of them.
pub(crate) fn left_running(happened: String) -> Fault {
    Fault::new("fire_and_forget")
        .happened(happened)
        .expected("`shutdown` waits for the jobs and reports each of them: when the program ends, whatever still runs is lost")
        .next("spawn the jobs in a `JoinSet` or a `TaskTracker` that you keep, and await it in `shutdown`: dropping a `JoinHandle` aborts nothing")
}
