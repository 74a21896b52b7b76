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
    seen.result.as_ref().map_err(|message| panicked(message, "replace the `unwrap` after your `timeout(after, …).await`: when `after` is over, make the second call"))?;
    let Some(first) = calls.first() else {
        return Err(Fault::new("data_altered")
            .happened("the function returned a page without making a call")
            .expected("the function returns the page of the call that answers first")
            .next("begin with `call()`"));
    };
    // If another call has its answer at that instant, the first one has rightly lost.
    let answered = calls[1..]
        .iter()
        .any(|call| call.outcome == Some(Outcome::Finished) && call.ended <= Some(race.after));
    ensure(!first.was_dropped_at(race.after) || answered, || {
        Fault::new("first_call_dropped")
                .happened(format!("the function dropped the first call at {}", shown(race.after)))
                .expected("the first call goes on beside the second: it has waited longest, and may be done first")
                .next("pin the first call, and pass `&mut first` to the timeout, which then drops only the reference")
    })?;
    ensure(calls.len() <= 2, || {
        Fault::new("more_than_one_hedge")
            .happened(format!(
                "the function made {}",
                counted(calls.len(), "call")
            ))
            .expected("it makes two at most: more load doesn't help a service that's already slow")
            .next("move the second `call()` out of the loop, and make it once")
    })?;
    twice_at_once(race, &seen)?;
    ensure(first.polled == Some(0), || {
        Fault::new("sleep_used_as_timeout")
            .happened(match first.polled {
                Some(polled) => {
                    format!(
                        "the function didn't poll the first call until {}",
                        shown(polled)
                    )
                }
                None => "the function never polled the first call".into(),
            })
            .expected("the first call begins at once")
            .next("await the first call and the timer together, with `select!` or `timeout`")
    })?;
    if race.first < race.after {
        not_needed(race, &seen, first)?;
    } else {
        needed(race, &seen, first)?;
    }
    seen.no_task_is_left()
}

/// `second.unwrap()` in a `select!` arm that an `if` disables.
fn unwrapped_too_early(seen: &Seen<Result<Page, String>>) -> Checked {
    let Err(message) = &seen.result else {
        return Ok(());
    };
    let nothing_yet = message.ends_with("on a `None` value");
    ensure(
        !nothing_yet || seen.took > 0 || seen.watched.len() > 1,
        || {
            Fault::new("disabled_branch_evaluated")
            .happened(format!(
                "the function panicked before it had made a second call: {message}"
            ))
            .expected("the function doesn't use the second call until it has made it")
            .next("write `async { second.as_mut().unwrap().await }` in the arm: `select!` evaluates the expression of every arm, even if an `if` disables the arm")
        },
    )
}

/// The answer makes two calls at the start, and polls the second instead of the first.
fn twice_at_once(race: Race, seen: &Seen<Result<Page, String>>) -> Checked {
    let [first, second, ..] = &seen.watched[..] else {
        return Ok(());
    };
    if race.after == 0 || second.polled != Some(0) || first.polled == Some(0) {
        return Ok(());
    }
    if first.polled.is_none() && second.ended == Some(0) {
        // The second won before the first was polled.
        return Err(unconditional_hedge());
    }
    let polled = first.polled.map_or("never".into(), |polled| {
        format!("only at {}", shown(polled))
    });
    Err(Fault::new("call_made_in_advance")
        .happened(format!(
            "the function made two calls at {}. It polled the second at once, and the first {polled}",
            shown(second.made)
        ))
        .expected(
            "the function awaits the first call alone until `after` has passed",
        )
        .next("call `call()` once at the start, and once more after a wait of `after`"))
}

pub(super) fn unconditional_hedge() -> Fault {
    Fault::new("unconditional_hedge")
        .happened("the function made both calls at the start")
        .expected("it makes the second call only if the first has no answer after `after`, so it makes few calls twice")
        .next("put the second `call()` after a wait of `after`: `async { sleep(after).await; call().await }`")
}

pub(super) fn right_page(race: Race, seen: &Seen<Result<Page, String>>, number: usize) -> Checked {
    let due = page(race, number);
    let Ok(come) = &seen.result else {
        return Ok(());
    };
    ensure(*come == due, || {
        Fault::new("data_altered")
            .happened(format!(
                "the function returned `{}` with `{}`",
                come.path, come.body
            ))
            .expected(format!(
                "it returns the page of the call that answered first: `{}`",
                due.body
            ))
            .next("return the page exactly as the call returned it")
    })
}
