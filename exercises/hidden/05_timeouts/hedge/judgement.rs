//! Whether what happened is what a race asks for.

use async_workbook::{
    harness::{counted, ms},
    probes::drops::{Drops, Outcome},
    services::upstream::Page,
    verdict::{Fault, catch_panic, ensure},
};

use super::{
    needed::needed,
    not_needed::not_needed,
    race::{Race, calls, page},
};
use crate::{
    Answer,
    faults::{Checked, panicked, ran_elsewhere},
    observation::{Seen, observe},
    watched::shown,
};

pub(super) async fn judge(answer: &Answer, drops: &Drops, race: Race) -> Checked {
    let function = (answer.hedge)(ms(race.after), calls(drops, race));
    let seen = observe(drops, catch_panic(function)).await;
    let calls = &seen.watched;
    ensure(calls.iter().all(|call| !call.elsewhere), || {
        ran_elsewhere("a call")
    })?;
    unwrapped_too_early(&seen)?;
    seen.result.as_ref().map_err(|message| panicked(message, "await both calls without a limit: where the time is up, it is time for the second call"))?;
    let Some(first) = calls.first() else {
        return Err(Fault::new("another_page")
            .happened("a page was returned, and no call was made")
            .expected("the page of the call that came first")
            .next("begin with `call()`"));
    };
    // Another call that has its answer at that instant ends the first one rightly.
    let answered = calls[1..]
        .iter()
        .any(|call| call.outcome == Some(Outcome::Finished) && call.ended <= Some(race.after));
    ensure(!first.was_dropped_at(race.after) || answered, || {
        Fault::new("first_call_given_up")
                .happened(format!("the first call was dropped at {}", shown(race.after)))
                .expected("it goes on beside the second one: it has waited longest, and may be done first")
                .next("pin the first call, and hand `&mut first` to the timeout: what the timeout then drops is only the reference")
    })?;
    ensure(calls.len() <= 2, || {
        Fault::new("calls_too_many")
            .happened(format!("there were {}", counted(calls.len(), "call")))
            .expected("at most two: more load does not help a service that is slow already")
            .next("make a second call once, outside of any loop")
    })?;
    twice_at_once(race, &seen)?;
    ensure(first.polled == Some(0), || {
        Fault::new("sleep_as_timeout")
            .happened(match first.polled {
                Some(polled) => {
                    format!("the first call was polled only after {}", shown(polled))
                }
                None => "the first call was never polled".into(),
            })
            .expected("the first call begins at once")
            .next("await the first call and the timer together")
    })?;
    if race.first < race.after {
        not_needed(race, &seen, first)?;
    } else {
        needed(race, &seen, first)?;
    }
    seen.no_task_is_left()
}

/// `second.unwrap()` in an arm that its `if` disables.
fn unwrapped_too_early(seen: &Seen<Result<Page, String>>) -> Checked {
    let Err(message) = &seen.result else {
        return Ok(());
    };
    let nothing_yet = message.ends_with("on a `None` value");
    ensure(
        !nothing_yet || seen.took > 0 || seen.watched.len() > 1,
        || {
            Fault::new("disabled_arm_evaluated")
            .happened(format!(
                "before there was a second call, the function panicked: {message}"
            ))
            .expected("what belongs to the second call is left alone until the call is made")
            .next("write `async { second.as_mut().unwrap().await }` in the arm: `select!` evaluates the expression of each arm, also of one that its `if` disables")
        },
    )
}

/// A second call is made and polled at the start, and not the first.
fn twice_at_once(race: Race, seen: &Seen<Result<Page, String>>) -> Checked {
    let [first, second, ..] = &seen.watched[..] else {
        return Ok(());
    };
    if race.after == 0 || second.polled != Some(0) || first.polled == Some(0) {
        return Ok(());
    }
    if first.polled.is_none() && second.ended == Some(0) {
        // It won before the first was looked at.
        return Err(hedges_always());
    }
    let polled = first.polled.map_or("never".into(), |polled| {
        format!("only at {}", shown(polled))
    });
    Err(Fault::new("calls_made_ahead")
        .happened(format!(
            "two calls were made at {}: the second was polled at once, and the first {polled}",
            shown(second.made)
        ))
        .expected(
            "the first call to be made is the first to be awaited, alone until `after` has passed",
        )
        .next("call `call()` once at the start, and once more when `after` has passed"))
}

pub(super) fn hedges_always() -> Fault {
    Fault::new("hedges_always")
        .happened("both calls were made at the start")
        .expected("the second call is made when the first has no answer after `after`: so few calls are made twice")
        .next("await the first call alone, with a timeout that leaves it alive: `timeout(after, &mut first)`")
}

pub(super) fn right_page(race: Race, seen: &Seen<Result<Page, String>>, number: usize) -> Checked {
    let due = page(race, number);
    let Ok(come) = &seen.result else {
        return Ok(());
    };
    ensure(*come == due, || {
        Fault::new("another_page")
            .happened(format!("it returned `{}` with `{}`", come.path, come.body))
            .expected(format!(
                "the page of the call that came first: `{}`",
                due.body
            ))
            .next("return the page as the call gave it")
    })
}
