//! Whether what happened is what a race asks for.

use async_workbook::{
    harness::{counted, ms},
    probes::drops::{Drops, Outcome},
    services::upstream::Page,
    verdict::{Fault, catch_panic, ensure},
};

use super::race::{Race, calls, page};
use crate::{
    Answer,
    faults::{Checked, goes_on, panicked, ran_elsewhere, zero_taken_as_unset},
    observation::{Seen, observe},
    watched::{Watched, shown},
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

/// The first call has its answer before a second one is due.
pub(super) fn not_needed(
    race: Race,
    seen: &Seen<Result<Page, String>>,
    first: &Watched,
) -> Checked {
    let Race {
        after,
        first: length,
        ..
    } = race;
    let expected = format!(
        "the first answer comes at {}, before a second call is due",
        shown(length)
    );
    let second = seen.watched.get(1);
    ensure(
        second.is_none_or(|second| second.polled != Some(0)),
        hedges_always,
    )?;
    ensure(seen.took != after, || {
        Fault::new("join_instead_of_select")
            .happened(format!(
                "the answer was there at {}, and was returned at {}",
                shown(length),
                shown(after)
            ))
            .expected(expected.clone())
            .next("wait for the call or the timer, whichever comes first")
    })?;
    if let Some(second) = second {
        ensure(
            second
                .polled
                .is_none_or(|_| second.ended != Some(seen.took)),
            || {
                Fault::new("join_instead_of_select")
                    .happened(format!(
                        "the answer was there at {}, and the function waited for a second one, until {}",
                        shown(length),
                        shown(seen.took)
                    ))
                    .expected(expected.clone())
                    .next("`select!` ends with the first of them, `join!` with the last")
            },
        )?;
        ensure(
            second.polled.is_some_and(|polled| polled > seen.took),
            || {
                let misconception = match second.polled {
                    None => "calls_made_ahead",
                    Some(_) => "second_call_not_on_time",
                };
                Fault::new(misconception)
                    .happened(format!(
                        "the answer was there at {}, and a second call was made at {}",
                        shown(length),
                        shown(second.made)
                    ))
                    .expected(expected.clone())
                    .next("call `call()` for the second time only when `after` has passed without an answer")
            },
        )?;
        return Err(goes_on(format!(
            "the answer was there at {}, and something left behind made a second call at {}",
            shown(length),
            shown(second.made)
        )));
    }
    ensure(
        seen.took == length && first.outcome == Some(Outcome::Finished),
        || {
            Fault::new("needless_wait")
                .happened(format!(
                    "the first call {}, and the function returned at {}",
                    first.end(),
                    shown(seen.took)
                ))
                .expected(expected)
                .next("look for an await that the answer does not need")
        },
    )?;
    right_page(race, seen, 1)
}

pub(super) fn hedges_always() -> Fault {
    Fault::new("hedges_always")
        .happened("both calls were made at the start")
        .expected("the second call is made when the first has no answer after `after`: so few calls are made twice")
        .next("await the first call alone, with a timeout that leaves it alive: `timeout(after, &mut first)`")
}

/// The second call is due before the first has its answer.
pub(super) fn needed(race: Race, seen: &Seen<Result<Page, String>>, first: &Watched) -> Checked {
    let Race {
        after,
        first: first_at,
        second: length,
    } = race;
    let second_at = after + length;
    let (winner, due) = if first_at < second_at {
        (1, first_at)
    } else {
        (2, second_at)
    };
    let took = seen.took;
    let Some(second) = seen.watched.get(1) else {
        if after == 0 {
            return Err(zero_taken_as_unset(format!(
                "with {} for `after` there was one call, with its answer at {}",
                shown(0),
                shown(took)
            )));
        }
        return Err(Fault::new("never_hedged")
            .happened(format!(
                "there was one call, with its answer at {}",
                shown(took)
            ))
            .expected(format!("a second call is made at {}", shown(after)))
            .next("when `after` passes without an answer, call again"));
    };
    ensure(after == 0 || second.polled != Some(0), hedges_always)?;
    ensure(
        second.made == after || second.polled.is_none() || second.polled == Some(second.made),
        || {
            Fault::new("calls_made_ahead")
                .happened(format!(
                    "the second call was made at {}, and polled at {}",
                    shown(second.made),
                    shown(second.polled.unwrap_or_default())
                ))
                .expected("a call is made when it is due: what it does before its first `.await` may depend on it")
                .next("call `call()` for the second time when `after` has passed")
        },
    )?;
    ensure(second.made != after || second.polled == Some(after), || {
        Fault::new("one_call_forgotten")
            .happened(match second.polled {
                Some(polled) => format!(
                    "the second call was made at {}, and first polled at {}",
                    shown(after),
                    shown(polled)
                ),
                None => format!(
                    "the second call was made at {}, and never polled",
                    shown(after)
                ),
            })
            .expected("from then on, both calls are awaited")
            .next("await both, and take what comes first: `select!` over `&mut first` and the second call")
    })?;
    ensure(second.polled == Some(after), || {
        Fault::new("second_call_not_on_time")
            .happened(format!(
                "the second call was made at {}",
                shown(second.made)
            ))
            .expected(format!(
                "it is made at {}, while the first goes on",
                shown(after)
            ))
            .next("a timer of `after` that begins with the first call says when")
    })?;
    let expected = format!(
        "the answer of call {winner} is returned at {}, when it is there",
        shown(due)
    );
    // Where it took less time than `after`, its answer was taken.
    let ignored = winner == 2 && length > after && took > due;
    let given_up = second.outcome == Some(Outcome::Dropped) && second.ended < Some(due.min(took));
    ensure(!ignored && !given_up, || {
        Fault::new("second_call_given_up")
            .happened(format!(
                "the second call, which takes {}, was given up after {}",
                shown(length),
                shown(after)
            ))
            .expected(expected.clone())
            .next("`after` says when the second call is made, and not how long a call may take: neither has a limit")
    })?;
    ensure(took <= due, || {
        let waits = took == first_at.max(second_at);
        let both =
            first.outcome == Some(Outcome::Finished) && second.outcome == Some(Outcome::Finished);
        if waits && both && first.ended <= Some(took) && second.ended <= Some(took) {
            Fault::new("join_instead_of_select")
                .happened(format!(
                    "the faster answer was there at {}, and the function waited for both, until {}",
                    shown(due),
                    shown(took)
                ))
                .expected(expected.clone())
                .next("`select!` ends with the first of them, `join!` with the last")
        } else {
            Fault::new("one_call_forgotten")
                .happened(format!(
                    "from {} on, only call {} was awaited, until {}; the other would have answered at {}",
                    shown(after),
                    3 - winner,
                    shown(took),
                    shown(due)
                ))
                .expected(expected.clone())
                .next("await both, and take what comes first: `select!` over `&mut first` and the second call")
        }
    })?;
    ensure(took == due, || {
        Fault::new("gave_up_too_early")
            .happened(format!(
                "the function returned at {}, before there was an answer",
                shown(took)
            ))
            .expected(expected.clone())
            .next("return what a call yields")
    })?;
    let loser = if winner == 1 { second } else { first };
    ensure(loser.was_dropped_at(due), || {
        goes_on(format!(
            "call {winner} had its answer at {}, and call {} {}",
            shown(due),
            3 - winner,
            loser.end()
        ))
    })?;
    right_page(race, seen, winner)
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
