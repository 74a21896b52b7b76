//! The hidden tests of `hedge`.
//!
//! Each test goes through the `BASICS` first: a fault in these explains whatever else goes wrong.

mod cause;
mod judgement;
mod needed;
mod not_needed;
mod race;

use std::panic::resume_unwind;

use async_workbook::{
    harness::{Task, ms, task},
    probes::drops::Drops,
    services::upstream::Page,
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
use cause::cause;
use judgement::judge;
use race::{Race, calls, race};

pub(crate) const TASK: Task<Answer> = task!(
    hedge: a_fast_answer_needs_no_second_call,
    a_late_answer_is_asked_for_again,
    the_first_call_may_still_win,
    an_after_of_zero_calls_twice_at_once,
    calls_at_once_share_nothing,
    calls_end_with_the_function,
    a_panic_goes_on_to_the_caller,
);

const BASICS: [Race; 3] = [
    race(200, 50, 100),
    race(200, 1000, 100),
    race(200, 300, 500),
];

async fn judge_all(answer: &Answer, recorder: &Recorder, races: &[Race]) -> Checked {
    for &race in BASICS.iter().chain(races) {
        let drops = scenario(recorder);
        if let Err(fault) = judge(answer, &drops, race).await {
            // Don't run a second call that is still a `todo!`.
            let second_call = drops.made_count() > 1 || fault.misconception == "hedge_missing";
            let cause = if second_call {
                cause(answer).await
            } else {
                None
            };
            return Err(cause.unwrap_or(fault));
        }
    }
    Ok(())
}

fn a_fast_answer_needs_no_second_call(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        judge_all(
            answer,
            recorder,
            &[
                race(1000, 999, 10),
                race(2 * HOUR, HOUR, 10),
                race(30, 0, 10),
            ],
        )
        .await
    });
}

fn a_late_answer_is_asked_for_again(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        judge_all(
            answer,
            recorder,
            &[
                race(20, HOUR, 5),
                race(HOUR, 3 * HOUR, 10),
                race(70, 80, 3),
                race(40, 90, 0),
                race(50, HOUR, 200),
            ],
        )
        .await
    });
}

fn the_first_call_may_still_win(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        judge_all(
            answer,
            recorder,
            &[
                race(20, 21, 20),
                race(100, HOUR, 2 * HOUR),
                race(100, 350, 251),
                // Where a third call would be due, if there were one.
                race(100, 1050, 5000),
            ],
        )
        .await
    });
}

fn an_after_of_zero_calls_twice_at_once(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        judge_all(answer, recorder, &[race(0, 100, 50), race(0, 50, 100)]).await
    });
}

fn calls_at_once_share_nothing(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        judge_all(answer, recorder, &[]).await?;
        recorder.restart();
        let call = async || judge(answer, &Drops::new(), race(200, 1000, 100)).await;
        at_once(call(), call()).await
    });
}

fn calls_end_with_the_function(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        judge_all(answer, recorder, &[]).await?;
        // While only the first call is running, and while both are.
        for instant in [100, 300] {
            let drops = scenario(recorder);
            let race = race(200, 1000, 500);
            let function = (answer.hedge)(ms(race.after), calls(&drops, race));
            dropped_at(&drops, instant, function).await?;
        }
        Ok(())
    });
}

fn a_panic_goes_on_to_the_caller(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        judge_all(answer, recorder, &[]).await?;
        // The call that panics, how long it had been running by then, and when that is.
        for (failing, length, due) in [(1, 100, 100), (2, 50, 250), (1, 250, 250)] {
            let drops = scenario(recorder);
            let call: Calls<Page> = {
                let drops = drops.clone();
                Box::new(move || {
                    let number = drops.made_count() + 1;
                    Opaque::new(drops.watch(&format!("call {number}"), async move {
                        if number == failing {
                            sleep(ms(length)).await;
                            resume_unwind(Box::new("the cable was cut"))
                        }
                        sleep(ms(2000)).await;
                        Page {
                            path: String::new(),
                            body: String::new(),
                        }
                    }))
                })
            };
            let function = (answer.hedge)(ms(200), call);
            let seen = observe(&drops, catch_panic(function)).await;
            ensure(seen.result.is_err() && seen.took == due, || {
                panic_swallowed(format!(
                    "call {failing} panicked at {}, and the function ended at {}",
                    shown(due),
                    shown(seen.took)
                ))
            })?;
        }
        Ok(())
    });
}
