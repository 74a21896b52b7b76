//! Runs the jobs of a scenario, and says what is wrong with how they ran.

use std::{collections::HashSet, time::Duration};

use async_workbook::{
    clock::Readable,
    harness::counted,
    services::upstream::{Call, Outcome},
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure},
};
use tokio::runtime::Handle;

use super::watch::Watch;
use crate::{
    Answer,
    faults::{calls_abandoned, gives_up_when_full, permit_leaked, permits_in_idle_futures},
    hang::ends,
    jobs::Jobs,
    limit::{Words, limit_kept},
    scenario::{Scenario, limit_of},
    window::window_slides,
};

const WORDS: Words = Words {
    noun: "job",
    unlimited: "permit_not_held",
    unlimited_why: "none held a permit of a semaphore that they share",
    unlimited_next: "make one semaphore before the loop, and move a permit of it into each task: one that stays in the loop is dropped as soon as the task is spawned, and `let _ = …` drops it on the spot",
};

pub(crate) async fn run(
    answer: &Answer,
    scenario: &Scenario,
    recorder: &Recorder,
) -> Result<(), Fault> {
    recorder.restart();
    let before = Handle::current().metrics().num_alive_tasks();
    let watch = Watch::default();
    let jobs = scenario.paths.iter().map(|path| {
        let taken = watch.taken();
        let (upstream, path) = (scenario.upstream.clone(), path.clone());
        async move {
            taken.0.note(|_| ());
            upstream.fetch(&path).await;
            taken.0.note(|_| ());
        }
    });
    let all = scenario.paths.len();
    let running = (answer.spawn_bounded)(Jobs::new(jobs), limit_of(scenario.limit));
    // Where no job panics, a panic is the function's own, and is shown where it was raised.
    let running = async {
        match scenario.failing.is_empty() {
            true => Ok(running.await),
            false => catch_panic(running).await,
        }
    };
    let ended = ends(&scenario.upstream, all, running, |calls| {
        permit_leaked(format!(
            "of {} with a limit of {}, {} ended, {} of them by a panic, and no other ever began",
            counted(all, "job"),
            scenario.limit,
            calls.len(),
            calls
                .iter()
                .filter(|call| call.outcome == Some(Outcome::Failed))
                .count()
        ))
    })
    .await;
    let seen = watch.seen();
    let calls = scenario.calls();
    let idle = ended.is_err() && calls.is_empty() && seen.most_ahead > 1;
    ensure(!idle, || permits_in_idle_futures("job"))?;
    let (outcome, took) = ended?;
    let ended = |call: &&Call| matches!(call.outcome, Some(Outcome::Answered | Outcome::Failed));
    let ended = calls.iter().filter(ended).count();
    let completed = match outcome {
        Ok(completed) if ended == all || scenario.failing.is_empty() => completed,
        outcome => return others_ended(scenario, outcome, ended),
    };
    ensure(ended == all, || jobs_missing(scenario, &calls, ended))?;
    limit_kept(scenario, took, &WORDS)?;
    let tasks: HashSet<_> = calls.iter().filter_map(|call| call.task).collect();
    ensure(tasks.len() == all, || {
        Fault::new("one_task_for_all")
            .happened(match tasks.len() {
                0 => format!(
                    "all {} ran on the task that called the function",
                    counted(all, "job")
                ),
                tasks => format!("{} ran on {}", counted(all, "job"), counted(tasks, "task")),
            })
            .expected("each job has its own task, so that a panic ends one job only")
            .next("give each job to `tokio::spawn` or `JoinSet::spawn`")
    })?;
    let (most_alive, most_ahead) = (seen.most_alive - before, seen.most_ahead);
    let (too_many, too_far) = (
        most_alive > scenario.limit + 1,
        most_ahead > scenario.limit + 1,
    );
    // Either each job that was taken has its task, or so many tasks are not needed for anything else.
    let waiting = most_alive == most_ahead || most_alive > 2 * scenario.limit + 1;
    ensure(!(too_many && too_far && waiting), || {
        Fault::new("permit_taken_inside_the_task")
            .happened(format!(
                "{} ran at a time, and yet {} were alive at once: the others only waited for their turn",
                counted(scenario.limit, "job"),
                counted(most_alive, "task")
            ))
            .expected(format!("at most {} tasks are alive", scenario.limit + 1))
            .next("take the permit before the task is spawned, with `acquire_owned`, and move it into the task")
    })?;
    ensure(!too_many, || {
        Fault::new("more_tasks_than_jobs")
            .happened(format!(
                "{} were alive while at most {} ran",
                counted(most_alive, "task"),
                counted(scenario.limit, "job")
            ))
            .expected(format!("at most {} tasks are alive", scenario.limit + 1))
            .next("spawn one task for each job, and no second one to watch it or to hand it on: its handle tells of a panic, and the function can await it")
    })?;
    ensure(!too_far, || {
        Fault::new("jobs_pile_up")
            .happened(format!(
                "{} had been taken from the iterator and not ended, where the limit is {}",
                counted(most_ahead, "job"),
                scenario.limit
            ))
            .expected(format!(
                "at most {} are: those that run, and one that waits for room",
                scenario.limit + 1
            ))
            .next("ask the iterator for the next job only when there is room for it: no `collect`, and no queue or channel in which jobs stand ready")
    })?;
    window_slides(scenario, &calls, took, "job")?;
    let failed = scenario.failing.len();
    ensure(completed == all - failed, || {
        let happened = format!(
            "of {}, {failed} of which panicked, {completed} were counted as completed",
            counted(all, "job")
        );
        if failed > 0 && completed == all {
            Fault::new("panic_counted_as_completed")
                .happened(happened)
                .expected("a job that panics has not completed")
                .next("awaiting a task gives a `Result`: count those that are `Ok`")
        } else {
            Fault::new("completed_miscounted")
                .happened(happened)
                .expected(format!("{} are", all - failed))
                .next("count each task that was awaited and is `Ok`, once")
        }
    })
}

/// Why some jobs have not ended, none of which panics.
pub(crate) fn jobs_missing(scenario: &Scenario, calls: &[Call], ended: usize) -> Fault {
    let all = scenario.paths.len();
    if calls.len() == scenario.limit && all > scenario.limit {
        return gives_up_when_full(format!(
            "only {} of {all} jobs were begun: as many as the limit",
            calls.len()
        ));
    }
    // The last ones may have been in flight when the function returned.
    let early = &calls[..calls.len().saturating_sub(scenario.limit)];
    let dropped = |call: &&Call| call.outcome == Some(Outcome::Dropped);
    if let Some(job) = early.iter().position(|call| dropped(&call)) {
        let call = &early[job];
        let took = call.ended.zip(call.started);
        let took = took.map_or(Duration::ZERO, |(ended, started)| ended - started);
        return calls_abandoned(format!(
            "job {job} was dropped after {}, before it had ended",
            Readable(took)
        ));
    }
    Fault::new("jobs_left_behind")
        .happened(format!(
            "the function returned when {ended} of {} had ended",
            counted(all, "job")
        ))
        .expected("it returns when every job has ended")
        .next("after the last job is spawned, wait for those that still run: `JoinSet::join_next` until it returns `None`")
}

pub(crate) fn others_ended(
    scenario: &Scenario,
    outcome: Result<usize, String>,
    ended: usize,
) -> Result<(), Fault> {
    let all = counted(scenario.paths.len(), "job");
    let how = match outcome {
        Ok(_) => "returned".to_owned(),
        Err(panic) => format!("panicked (`{panic}`)"),
    };
    Err(Fault::new("a_panic_ends_the_others")
        .happened(format!("one of {all} panicked, and the function {how} when {ended} had ended"))
        .expected("the other jobs go on, and the function returns how many completed")
        .next("a panic is the `Err` of the task that is awaited: pass over it, and go on with the next; do not `unwrap` it"))
}
