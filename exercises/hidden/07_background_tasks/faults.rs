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
        .expected("a job that has ended leaves room for another, whether it returned `Ok` or `Err`, or panicked")
        .next("tie the place to the task: a permit that it owns is dropped with it, also by a panic; a `JoinSet` counts a task until it is joined")
}

pub(crate) fn wrong_refusal(refused: Refused, when: &str) -> Fault {
    Fault::new("wrong_refusal")
        .happened(format!("{when}, a job was refused as `{refused:?}`"))
        .expected("`Full` may be tried again, `ShuttingDown` may not: from the beginning of the shutdown on it is always the latter, and never before")
        .next("look at whether the shutdown has begun first, and at the room second")
}

pub(crate) fn accepted_then_dropped(job: &Job) -> Fault {
    let after = job.gone.map_or(Duration::ZERO, |gone| gone - job.submitted);
    Fault::new("accepted_then_dropped")
        .happened(format!(
            "{}, which takes {}, was accepted, and dropped {} later, {}",
            job.name,
            Readable(job.takes),
            Readable(after),
            if job.begun.is_some() { "half way" } else { "before it began" }
        ))
        .expected("an accepted job runs to its end, unless a shutdown's grace is over")
        .next("ask who owns the task: a `JoinSet` or an `AbortOnDropHandle` that goes out of scope aborts it, while a `JoinHandle` does not; and give the job no timeout")
}

/// Nobody waited for the jobs, or knows of them.
pub(crate) fn left_running(happened: String) -> Fault {
    Fault::new("fire_and_forget")
        .happened(happened)
        .expected("`shutdown` waits for the jobs, and reports each of them: a program that ends takes with it whatever is still running")
        .next("keep what `spawn` returns, in a `JoinSet` or a `TaskTracker`, which can be waited for: dropping a `JoinHandle` aborts nothing")
}
