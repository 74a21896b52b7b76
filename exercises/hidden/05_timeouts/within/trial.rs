//! Work with a limit, and what is expected of it.

use std::thread;

use async_workbook::{
    harness::ms,
    probes::drops::Drops,
    timeline::Recorder,
    verdict::{Fault, ensure},
};

use crate::{
    Answer, GatewayTimeout, Output,
    faults::{Checked, goes_on, ran_elsewhere},
    observation::{Seen, observe, scenario, wait},
    opaque::Opaque,
    watched::{Watched, shown},
};

/// Work that waits for each of these times in turn, and what came of it.
pub(super) struct Trial {
    pub(super) limit: u64,
    pub(super) length: u64,
    pub(super) text: String,
    pub(super) seen: Seen<Result<Output, GatewayTimeout>>,
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
    let seen = observe(drops, (answer.within)(ms(limit), Opaque::new(work))).await;
    Trial {
        limit,
        length,
        text,
        seen,
    }
}

pub(super) async fn basics(answer: &Answer, recorder: &Recorder) -> Checked {
    judge(&run(answer, &scenario(recorder), 1000, &[300]).await)?;
    judge(&run(answer, &scenario(recorder), 1000, &[20_000]).await)
}

pub(super) fn judge(trial: &Trial) -> Checked {
    let work = &trial.seen.watched[0];
    ensure(!work.elsewhere, || ran_elsewhere("the work"))?;
    let (limit, took) = (trial.limit, trial.seen.took);
    ensure(took >= limit.min(trial.length), || too_early(limit, took))?;
    ensure(work.polled == Some(0), || {
        Fault::new("sleep_as_timeout")
            .happened(match work.polled {
                Some(polled) => format!("the work was first polled after {}", shown(polled)),
                None => "the work was never polled".into(),
            })
            .expected("the work begins at once, and waits at the same time as the timer")
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
        "the output is returned after {}, as soon as it is there",
        shown(length)
    );
    ensure(took != limit, || {
        Fault::new("join_instead_of_select")
            .happened(format!(
                "the work was done after {}, and the function returned only at the limit of {}",
                shown(length),
                shown(limit)
            ))
            .expected(output.clone())
            .next("`join!` waits for both; `select!` and `timeout` for whichever comes first")
    })?;
    ensure(took == length, || {
        Fault::new("needless_wait")
            .happened(format!(
                "the work was done after {}, and the function returned after {}",
                shown(length),
                shown(took)
            ))
            .expected(output.clone())
            .next("look for an await that comes after the work")
    })?;
    ensure(
        matches!(&trial.seen.result, Ok(output) if output.text == trial.text),
        || {
            Fault::new("gave_up_too_early")
            .happened(format!(
                "the work was done after {}, within the limit of {}, and the function returned an error",
                shown(length),
                shown(limit)
            ))
            .expected(output)
            .next("return `Ok` with the output where the work came first")
        },
    )
}

/// The work would go on beyond the limit.
pub(super) fn too_late(trial: &Trial, work: &Watched, took: u64) -> Checked {
    let (limit, length) = (trial.limit, trial.length);
    let expected = format!(
        "the error is returned at {}, and the work is dropped",
        shown(limit)
    );
    ensure(took != length, || {
        Fault::new("timeout_fires_unpolled")
            .happened(format!(
                "the work was awaited to its end at {}, and nothing was polled beside it that could have ended the wait at {}",
                shown(length),
                shown(limit)
            ))
            .expected(expected.clone())
            .next("a timer does nothing by itself: it has to be polled while the work waits, with `timeout` or `select!`")
    })?;
    ensure(took == limit, || {
        Fault::new("wrong_limit")
            .happened(format!(
                "with a limit of {}, the function returned after {}",
                shown(limit),
                shown(took)
            ))
            .expected(expected.clone())
            .next("give the timer the limit as it is, and let it begin with the work")
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
        Fault::new("gave_up_too_early").next("look at when your timer fires first: the first tick of an `interval` comes at once, and `as_secs` cuts off what is less than a second")
    } else {
        Fault::new("wrong_limit").next("give the timer the limit as it is")
    };
    fault
        .happened(format!(
            "with a limit of {}, the function returned after {}, when neither the work nor its time had ended",
            shown(limit),
            shown(took)
        ))
        .expected("the work has the whole of its time")
}
