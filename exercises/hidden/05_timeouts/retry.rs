//! The hidden tests of `retry`.
//!
//! Each test goes through the `basics` first: a fault in these explains whatever else goes wrong.

mod backoff;
mod cause;
mod deadline;
mod judgement;
mod plan;

use std::{num::NonZeroU32, panic::resume_unwind, time::Duration};

use async_workbook::{
    harness::{Task, counted, ms, task},
    probes::drops::Drops,
    timeline::Recorder,
    verdict::{catch_panic, ensure, examine},
};
use tokio::time::sleep;

use crate::{
    Answer, Calls, HOUR,
    faults::{Checked, panic_swallowed},
    observation::{at_once, dropped_at, observe, scenario},
    opaque::Opaque,
    watched::shown,
};
use backoff::{DOUBLINGS, doubles_to_the_end};
use cause::cause;
use deadline::no_time;
use judgement::judge;
use plan::{BROKEN, CANON, Plan, calls, plan, run};

pub(crate) const TASK: Task<Answer> = task!(
    retry: each_wait_is_twice_as_long,
    a_success_ends_it,
    the_last_error_is_kept,
    the_deadline_ends_a_running_attempt,
    the_deadline_ends_a_wait,
    an_attempt_may_use_all_of_the_time,
    many_attempts_need_no_wait,
    the_wait_doubles_more_than_32_times,
    a_total_of_zero_leaves_no_time,
    calls_at_once_share_nothing,
    attempts_end_with_the_function,
    a_panic_goes_on_to_the_caller,
);

async fn basics(answer: &Answer, recorder: &Recorder) -> Checked {
    goes_by(answer, recorder, CANON).await
}

async fn goes_by(answer: &Answer, recorder: &Recorder, plan: Plan) -> Checked {
    let seen = run(answer, &scenario(recorder), plan).await;
    match judge(plan, &seen) {
        Ok(()) => Ok(()),
        Err(fault) => Err(cause(answer, &fault).await.unwrap_or(fault)),
    }
}

async fn judge_all(answer: &Answer, recorder: &Recorder, plans: &[Plan]) -> Checked {
    basics(answer, recorder).await?;
    for &plan in plans {
        goes_by(answer, recorder, plan).await?;
    }
    Ok(())
}

fn each_wait_is_twice_as_long(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        judge_all(
            answer,
            recorder,
            &[
                plan(6, 40, HOUR, &[(0, 503)]),
                plan(1, 100, HOUR, &[(0, 503)]),
                plan(2, 700, HOUR, &[(0, 503)]),
                // The wait begins when the attempt has failed.
                plan(4, 100, HOUR, &[(50, 503)]),
                plan(4, 100, HOUR, &[(30, 503), (300, 500), (1, 404), (20, 503)]),
            ],
        )
        .await
    });
}

fn a_success_ends_it(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        judge_all(
            answer,
            recorder,
            &[
                plan(4, 100, HOUR, &[(80, 200)]),
                plan(4, 100, HOUR, &[(0, 503), (20, 200)]),
                plan(4, 100, HOUR, &[(10, 503), (10, 500), (10, 503), (10, 200)]),
                plan(1, 100, HOUR, &[(10, 200)]),
            ],
        )
        .await
    });
}

fn the_last_error_is_kept(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        judge_all(
            answer,
            recorder,
            &[
                plan(4, 100, HOUR, &[(0, 503), (0, 500), (0, 404), (0, 429)]),
                plan(4, 100, HOUR, &[(0, 503), (0, BROKEN)]),
                plan(3, 100, HOUR, &[(5, 500), (5, 503)]),
                plan(1, 100, HOUR, &[(5, 418)]),
            ],
        )
        .await
    });
}

/// An attempt is running when time runs out. The test of the waits goes through these first.
const LATE: [Plan; 5] = [
    plan(4, 100, 1000, &[(20_000, 503)]),
    SECOND_HANGS,
    plan(4, 100, 2500, &[(2000, 503), (2000, 200)]),
    // The running attempt is the last one.
    plan(2, 100, 1000, &[(50, 503), (20_000, 503)]),
    plan(1, 100, 1000, &[(20_000, 200)]),
];
const SECOND_HANGS: Plan = plan(4, 100, 1000, &[(50, 503), (20_000, 503)]);

fn the_deadline_ends_a_running_attempt(answer: &Answer) {
    examine(async |recorder: &Recorder| judge_all(answer, recorder, &LATE).await);
}

fn the_deadline_ends_a_wait(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        judge_all(answer, recorder, &LATE).await?;
        judge_all(
            answer,
            recorder,
            &[
                plan(10, 400, 1010, &[(0, 503)]),
                plan(4, 5000, 300, &[(20, 500)]),
                plan(100, 1000, 5 * HOUR, &[(0, 503)]),
            ],
        )
        .await
    });
}

fn an_attempt_may_use_all_of_the_time(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        judge_all(
            answer,
            recorder,
            &[
                plan(4, 100, 1000, &[(950, 200)]),
                plan(4, 100, 1000, &[(10, 503), (850, 200)]),
                plan(4, 100, 3 * HOUR, &[(HOUR, 503), (HOUR, 200)]),
            ],
        )
        .await
    });
}

fn many_attempts_need_no_wait(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        judge_all(answer, recorder, &[plan(300, 0, HOUR, &[(0, 503)])]).await
    });
}

fn the_wait_doubles_more_than_32_times(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let drops = scenario(recorder);
        let attempts = NonZeroU32::new(DOUBLINGS.attempts).expect("there is an attempt");
        let (base, call) = (Duration::from_micros(1), calls(&drops, DOUBLINGS));
        let function = (answer.retry)(attempts, base, ms(DOUBLINGS.total), call);
        doubles_to_the_end(&observe(&drops, catch_panic(function)).await)
    });
}

fn a_total_of_zero_leaves_no_time(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        judge_all(answer, recorder, &LATE).await?;
        for plan in [
            plan(4, 100, 0, &[(300, 200)]),
            plan(4, 100, 0, &[(HOUR, 503)]),
        ] {
            let seen = run(answer, &scenario(recorder), plan).await;
            no_time(plan.call(1).0, &seen)?;
        }
        Ok(())
    });
}

fn calls_at_once_share_nothing(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        judge_all(answer, recorder, &LATE).await?;
        recorder.restart();
        let call = async || {
            judge(
                SECOND_HANGS,
                &run(answer, &Drops::new(), SECOND_HANGS).await,
            )
        };
        at_once(call(), call()).await
    });
}

fn attempts_end_with_the_function(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let plan = plan(4, 100, HOUR, &[(50, 503), (200, 503)]);
        // Attempts run from 0 to 50 and from 150 to 350 ms.
        for instant in [20, 100, 250, 450] {
            let drops = scenario(recorder);
            let attempts = NonZeroU32::new(plan.attempts).expect("there is an attempt");
            let call = calls(&drops, plan);
            let function = (answer.retry)(attempts, ms(plan.base), ms(plan.total), call);
            dropped_at(&drops, instant, function).await?;
        }
        Ok(())
    });
}

fn a_panic_goes_on_to_the_caller(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        // The attempt that panics after 30 ms, and when that is. The attempts before it fail at once.
        for (failing, due) in [(1, 30), (2, 130), (3, 330)] {
            let drops = scenario(recorder);
            let call: Calls<_> = {
                let drops = drops.clone();
                Box::new(move || {
                    let number = drops.made_count() + 1;
                    Opaque::new(drops.watch(&format!("attempt {number}"), async move {
                        if number == failing {
                            sleep(ms(30)).await;
                            resume_unwind(Box::new("the cable was cut"))
                        }
                        plan::answer(1, 503)
                    }))
                })
            };
            let attempts = NonZeroU32::new(3).expect("there is an attempt");
            let function = (answer.retry)(attempts, ms(100), ms(1000), call);
            let seen = observe(&drops, catch_panic(function)).await;
            ensure(
                seen.result.is_err() && seen.took == due && seen.watched.len() == failing,
                || {
                    panic_swallowed(format!(
                        "attempt {failing} panicked at {}, and the function ended at {}, after {}",
                        shown(due),
                        shown(seen.took),
                        counted(seen.watched.len(), "call")
                    ))
                },
            )?;
        }
        Ok(())
    });
}
