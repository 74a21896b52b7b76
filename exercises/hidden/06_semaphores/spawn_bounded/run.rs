//! Runs the jobs of a scenario, and judges how they ran.

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
    Answer, closer,
    faults::{call_dropped_early, call_rejected_when_full, permit_leaked},
    hang::ends,
    jobs::Jobs,
    limit::limit_kept,
    scenario::{Scenario, limit_of},
    window::window_slides,
    work::Work,
};

const WORK: Work = Work {
    noun: "job",
    unlimited: "limit_not_enforced",
    unlimited_why: "none of them held a permit of a shared semaphore",
    unlimited_next: "move a permit into each task, with `let _permit = permit;` as the task's first line: a permit that stays in the loop is dropped as soon as the task is spawned",
    attempt: |answer, scenario| {
        let fetch = |path: &String| {
            let (upstream, path) = (scenario.upstream.clone(), path.clone());
            async move {
                upstream.fetch(&path).await;
            }
        };
        let jobs = Jobs::new(scenario.paths.iter().map(fetch));
        Box::pin(async move {
            let _completed = (answer.spawn_bounded)(jobs, limit_of(scenario.limit)).await;
        })
    },
};

/// Runs all jobs of the scenario.
pub(super) async fn run(
    answer: &Answer,
    scenario: &Scenario,
    recorder: &Recorder,
) -> Result<(), Fault> {
    match run_once(answer, scenario, recorder).await {
        Ok(()) => Ok(()),
        Err(fault) => Err(closer::look(answer, recorder, scenario, &WORK, fault).await),
    }
}

async fn run_once(answer: &Answer, scenario: &Scenario, recorder: &Recorder) -> Result<(), Fault> {
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
    // If no job panics, a panic is the function's own, and the verdict shows where it was raised.
    let running = async {
        match scenario.failing.is_empty() {
            true => Ok(running.await),
            false => catch_panic(running).await,
        }
    };
    let ended = ends(&scenario.upstream, all, running, |calls| {
        permit_leaked(format!(
            "of {} with a limit of {}, {} ended, {} of them in a panic, and no more ever began",
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
    let (outcome, took) = ended?;
    let ended = |call: &&Call| matches!(call.outcome, Some(Outcome::Answered | Outcome::Failed));
    let ended = calls.iter().filter(ended).count();
    let completed = match outcome {
        Ok(completed) if ended == all || scenario.failing.is_empty() => completed,
        outcome => return others_ended(scenario, outcome, ended),
    };
    ensure(ended == all, || jobs_missing(scenario, &calls, ended))?;
    limit_kept(scenario, took, &WORK)?;
    let tasks: HashSet<_> = calls.iter().filter_map(|call| call.task).collect();
    ensure(tasks.len() == all, || {
        Fault::new("single_task_for_all_work")
            .happened(match tasks.len() {
                0 => format!(
                    "all {} ran on the task that called the function",
                    counted(all, "job")
                ),
                tasks => format!("{} ran on {}", counted(all, "job"), counted(tasks, "task")),
            })
            .expected("each job has its own task, so a panic ends only one job")
            .next("pass each job to `JoinSet::spawn` or `tokio::spawn`")
    })?;
    let (most_alive, most_ahead) = (seen.most_alive - before, seen.most_ahead);
    let (too_many, too_far) = (
        most_alive > scenario.limit + 1,
        most_ahead > scenario.limit + 1,
    );
    // Either each job that was taken has a task, or there are too many tasks to serve another purpose.
    let waiting = most_alive == most_ahead || most_alive > 2 * scenario.limit + 1;
    ensure(!(too_many && too_far && waiting), || {
        Fault::new("permit_taken_inside_the_task")
            .happened(format!(
                "{} ran at a time, but {} were alive at once: the others only waited for their turn",
                counted(scenario.limit, "job"),
                counted(most_alive, "task")
            ))
            .expected(format!("at most {} tasks are alive", scenario.limit + 1))
            .next("await `acquire_owned()` before you spawn the task, and move the permit into it")
    })?;
    ensure(!too_many, || {
        Fault::new("extra_task_per_job")
            .happened(format!(
                "{} were alive while at most {} ran",
                counted(most_alive, "task"),
                counted(scenario.limit, "job")
            ))
            .expected(format!("at most {} tasks are alive", scenario.limit + 1))
            .next("remove the second task that watches each job or hands it on: await the job's own handle, which reports a panic")
    })?;
    ensure(!too_far, || {
        Fault::new("jobs_taken_in_advance")
            .happened(format!(
                "the function held {} from the iterator that hadn't ended, and the limit is {}",
                counted(most_ahead, "job"),
                scenario.limit
            ))
            .expected(format!(
                "it holds at most {}: those that are running, and one that waits for room",
                counted(scenario.limit + 1, "job")
            ))
            .next("take the next job from the iterator only when there's room for it: remove the `collect`, or the queue or channel that holds jobs ready")
    })?;
    window_slides(scenario, &calls, took, "job")?;
    let failed = scenario.failing.len();
    ensure(completed == all - failed, || {
        let happened = format!(
            "{failed} of {} panicked, and the function counted {completed} as completed",
            counted(all, "job")
        );
        if failed > 0 && completed == all {
            Fault::new("panic_counted_as_completed")
                .happened(happened)
                .expected("a job that panics hasn't completed")
                .next("count only the tasks whose handle or `join_next` gives `Ok`")
        } else {
            Fault::new("finished_jobs_not_counted")
                .happened(happened)
                .expected(format!("it counts {}", all - failed))
                .next("count each task once, when you await it and it gives `Ok`")
        }
    })
}

/// Why some jobs haven't ended, though none of them panics.
fn jobs_missing(scenario: &Scenario, calls: &[Call], ended: usize) -> Fault {
    let all = scenario.paths.len();
    if calls.len() == scenario.limit && all > scenario.limit {
        return call_rejected_when_full(format!(
            "only {} of {all} jobs began: as many as the limit",
            calls.len()
        ));
    }
    // The last jobs may have been in flight when the function returned.
    let early = &calls[..calls.len().saturating_sub(scenario.limit)];
    let dropped = |call: &&Call| call.outcome == Some(Outcome::Dropped);
    if let Some(job) = early.iter().position(|call| dropped(&call)) {
        let call = &early[job];
        let took = call.ended.zip(call.started);
        let took = took.map_or(Duration::ZERO, |(ended, started)| ended - started);
        return call_dropped_early(format!(
            "the function dropped job {job} after {}, before it had ended",
            Readable(took)
        ));
    }
    Fault::new("returned_before_work_finished")
        .happened(format!(
            "the function returned when {ended} of {} had ended",
            counted(all, "job")
        ))
        .expected("it returns when every job has ended")
        .next("after the loop that spawns, await `tasks.join_next()` until it returns `None`")
}

fn others_ended(
    scenario: &Scenario,
    outcome: Result<usize, String>,
    ended: usize,
) -> Result<(), Fault> {
    let all = counted(scenario.paths.len(), "job");
    let how = match outcome {
        Ok(_) => "returned".to_owned(),
        Err(panic) => format!("panicked (`{panic}`)"),
    };
    Err(Fault::new("join_error_unwrapped")
        .happened(format!("one of {all} panicked, and the function {how} when {ended} had ended"))
        .expected("the other jobs go on, and the function returns how many completed")
        .next("skip a task that gives an `Err`, instead of unwrapping it, and go on with the next one"))
}
