//! A trial of `within`: work with a limit, and the verdict on it.

use std::{cell::Cell, thread};

use async_workbook::{
    clock::timed,
    harness::ms,
    probes::drops::Drops,
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, mark_in},
};

use tokio::time::timeout;

use crate::{
    Answer, GatewayTimeout, HOUR, Output,
    causes::{blocking_call, each_run_blocks, goes_by_the_wall_clock, real_clock_used},
    faults::{Checked, goes_on, panicked, ran_elsewhere, zero_taken_as_unset},
    observation::{Seen, observe, scenario, wait},
    opaque::Opaque,
    watched::{Watched, shown},
};

/// Work that waits for each of these times in turn, and what came of it.
pub(super) struct Trial {
    pub(super) limit: u64,
    pub(super) length: u64,
    pub(super) text: String,
    pub(super) seen: Seen<Result<Result<Output, GatewayTimeout>, String>>,
}

pub(super) async fn run(answer: &Answer, drops: &Drops, limit: u64, steps: &[u64]) -> Trial {
    let length = steps.iter().sum();
    let text = format!("the output after {}", shown(length));
    let work = drops.watch("work", {
        let (home, steps, text) = (thread::current().id(), steps.to_vec(), text.clone());
        async move {
            for step in steps {
                wait(home, step).await;
            }
            Output::new(text)
        }
    });
    mark_in(ms(limit), "limit");
    let function = (answer.within)(ms(limit), Opaque::new(work));
    let seen = observe(drops, catch_panic(function)).await;
    Trial {
        limit,
        length,
        text,
        seen,
    }
}

pub(super) async fn basics(answer: &Answer, recorder: &Recorder) -> Checked {
    for length in [300, 20_000] {
        let trial = run(answer, &scenario(recorder), 1000, &[length]).await;
        if let Err(fault) = judge(&trial) {
            return Err(cause(answer, &fault).await.unwrap_or(fault));
        }
    }
    Ok(())
}

/// The cause of a fault that the clock doesn't explain.
async fn cause(answer: &Answer, fault: &Fault) -> Option<Fault> {
    if fault.misconception == "blocking_job_outlived_timeout" {
        return None;
    }
    if fault.misconception == "given_up_too_early" && gives_up_by_blocking(answer).await {
        return Some(blocking_call("the wait for the limit"));
    }
    let read = goes_by_the_wall_clock(async |begin| in_time_while(answer, begin).await).await;
    read.then(|| {
        real_clock_used(
            "with a limit of 0.1 s, the function gave up once 0.1 s had passed on the wall clock, and less on tokio's",
        )
    })
}

/// Whether the function reaches the limit without waiting on tokio's clock.
async fn gives_up_by_blocking(answer: &Answer) -> bool {
    let at_once = Cell::new(true);
    let blocks = each_run_blocks(ms(50), async || {
        let home = thread::current().id();
        let work = Opaque::new(async move {
            wait(home, HOUR).await;
            Output::new("too late")
        });
        let function = catch_panic((answer.within)(ms(50), work));
        let (result, took) = timed(timeout(ms(1), function)).await;
        at_once.set(at_once.get() && took.is_zero() && matches!(result, Ok(Ok(Err(_)))));
    });
    blocks.await && at_once.get()
}

/// Whether the function gives work that begins with this the time that it needs.
async fn in_time_while(answer: &Answer, begin: fn()) -> bool {
    let home = thread::current().id();
    let work = Opaque::new(async move {
        begin();
        wait(home, 60).await;
        Output::new("in time")
    });
    let function = catch_panic((answer.within)(ms(100), work));
    matches!(timeout(ms(1000), function).await, Ok(Ok(Ok(_))))
}

pub(super) fn judge(trial: &Trial) -> Checked {
    let work = &trial.seen.watched[0];
    ensure(!work.elsewhere, || ran_elsewhere("the work"))?;
    if let Err(message) = &trial.seen.result {
        return Err(panicked(
            message,
            "replace the `unwrap` or `expect` after your `timeout(…).await` with a `match` or a `map_err`",
        ));
    }
    let (limit, took) = (trial.limit, trial.seen.took);
    ensure(limit > 0 || took != trial.length, || {
        zero_taken_as_unset(format!(
            "with a limit of {}, the work ran to its end at {}",
            shown(limit),
            shown(took)
        ))
    })?;
    ensure(took >= limit.min(trial.length), || too_early(limit, took))?;
    // With no time at all, the work needn't begin.
    ensure(work.polled == Some(0) || limit == 0, || {
        Fault::new("sleep_used_as_timeout")
            .happened(match work.polled {
                Some(polled) => {
                    format!("the function didn't poll the work until {}", shown(polled))
                }
                None => "the function never polled the work".into(),
            })
            .expected("the work begins at once, and runs while the timer does")
            .next("await the work and the timer together, with `timeout` or `select!`")
    })?;
    if trial.length < limit {
        in_time(trial)?;
    } else {
        too_late(trial, work, took)?;
    }
    trial.seen.no_task_is_left()
}

/// The work ends before the limit.
pub(super) fn in_time(trial: &Trial) -> Checked {
    let (limit, length, took) = (trial.limit, trial.length, trial.seen.took);
    let output = format!(
        "the function returns the output after {}, as soon as it has it",
        shown(length)
    );
    ensure(took != limit, || {
        Fault::new("futures_joined_not_raced")
            .happened(format!(
                "the work was done after {}, and the function didn't return until the limit of {}",
                shown(length),
                shown(limit)
            ))
            .expected(output.clone())
            .next("replace `join!` with `select!` or `timeout`, which wait only for whichever ends first")
    })?;
    ensure(took == length, || {
        Fault::new("needless_wait")
            .happened(format!(
                "the work was done after {}, and the function returned after {}",
                shown(length),
                shown(took)
            ))
            .expected(output.clone())
            .next("remove the `.await` that comes after the work")
    })?;
    ensure(
        matches!(&trial.seen.result, Ok(Ok(output)) if output.text == trial.text),
        || {
            Fault::new("given_up_too_early")
            .happened(format!(
                "the work was done after {}, within the limit of {}, and the function returned an error",
                shown(length),
                shown(limit)
            ))
            .expected(output)
            .next("return `Ok` with the output if the work ends first")
        },
    )
}

/// The work would run past the limit.
pub(super) fn too_late(trial: &Trial, work: &Watched, took: u64) -> Checked {
    let (limit, length) = (trial.limit, trial.length);
    let expected = format!(
        "the function returns the error at {}, and drops the work",
        shown(limit)
    );
    ensure(took != length, || {
        Fault::new("timer_never_polled")
            .happened(format!(
                "the function awaited the work to its end at {}, without polling a timer that could have ended the wait at {}",
                shown(length),
                shown(limit)
            ))
            .expected(expected.clone())
            .next("poll the timer while the work waits, with `timeout` or `select!`: a timer does nothing by itself")
    })?;
    ensure(took == limit, || {
        Fault::new("wrong_time_limit")
            .happened(format!(
                "with a limit of {}, the function returned after {}",
                shown(limit),
                shown(took)
            ))
            .expected(expected.clone())
            .next("pass `limit` to your timer unchanged, and start it together with the work")
    })?;
    ensure(work.was_dropped_at(limit), || {
        goes_on(format!(
            "the function gave up at {}, and the work {}",
            shown(limit),
            work.end()
        ))
    })
}

pub(super) fn too_early(limit: u64, took: u64) -> Fault {
    let fault = if took == 0 {
        Fault::new("given_up_too_early").next("pass `limit` to `timeout` or `sleep` unchanged: an `interval` ticks at once, and `as_secs` drops fractions of a second")
    } else {
        Fault::new("wrong_time_limit").next("pass `limit` to your timer unchanged")
    };
    fault
        .happened(format!(
            "with a limit of {}, the function returned after {}, before the work was done or its time was over",
            shown(limit),
            shown(took)
        ))
        .expected("the function gives the work all of its time")
}
