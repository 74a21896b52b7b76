//! The second call is due before the first has its answer.

use async_workbook::{
    probes::drops::Outcome,
    services::upstream::Page,
    verdict::{Fault, ensure},
};

use super::{
    judgement::{right_page, unconditional_hedge},
    race::Race,
};
use crate::{
    faults::{Checked, goes_on, zero_taken_as_unset},
    observation::Seen,
    watched::{Watched, shown},
};

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
                "with `after` at {}, the function made one call, which answered at {}",
                shown(0),
                shown(took)
            )));
        }
        return Err(Fault::new("hedge_missing")
            .happened(format!(
                "the function made one call, and returned at {}",
                shown(took)
            ))
            .expected(format!("it makes a second call at {}", shown(after)))
            .next("call `call()` again when `after` passes without an answer"));
    };
    ensure(after == 0 || second.polled != Some(0), unconditional_hedge)?;
    ensure(
        second.made == after || second.polled.is_none() || second.polled == Some(second.made),
        || {
            Fault::new("call_made_in_advance")
                .happened(format!(
                    "the function made the second call at {}, and polled it at {}",
                    shown(second.made),
                    shown(second.polled.unwrap_or_default())
                ))
                .expected("it makes a call when the call is due: code before the call's first `.await` may depend on that")
                .next("move the second `call()` after the wait for `after`")
        },
    )?;
    ensure(second.made != after || second.polled == Some(after), || {
        Fault::new("call_left_unpolled")
            .happened(match second.polled {
                Some(polled) => format!(
                    "the function made the second call at {}, and didn't poll it until {}",
                    shown(after),
                    shown(polled)
                ),
                None => format!(
                    "the function made the second call at {}, and never polled it",
                    shown(after)
                ),
            })
            .expected("from then on, the function awaits both calls")
            .next("await both calls, and take the first answer: `select!` over `&mut first` and the second call")
    })?;
    ensure(second.polled == Some(after), || {
        Fault::new("hedge_mistimed")
            .happened(format!(
                "the function made the second call at {}",
                shown(second.made)
            ))
            .expected(format!(
                "it makes the second call at {}, while the first goes on",
                shown(after)
            ))
            .next("start one timer of `after` together with the first call, and make the second call when it ends")
    })?;
    let expected = format!(
        "the function returns the answer of call {winner} at {}, as soon as it has it",
        shown(due)
    );
    // If the second call took less time than `after`, the answer took its page.
    let ignored = winner == 2 && length > after && took > due;
    let given_up = second.outcome == Some(Outcome::Dropped) && second.ended < Some(due.min(took));
    ensure(!ignored && !given_up, || {
        Fault::new("second_call_dropped")
            .happened(format!(
                "the second call takes {}, and the function gave it up after {}",
                shown(length),
                shown(after)
            ))
            .expected(expected.clone())
            .next("remove the limit on the second call: `after` says when to make it, not how long it may take")
    })?;
    ensure(took <= due, || {
        let waits = took == first_at.max(second_at);
        let both =
            first.outcome == Some(Outcome::Finished) && second.outcome == Some(Outcome::Finished);
        if waits && both && first.ended <= Some(took) && second.ended <= Some(took) {
            Fault::new("futures_joined_not_raced")
                .happened(format!(
                    "the faster call had its answer at {}, and the function waited for both, until {}",
                    shown(due),
                    shown(took)
                ))
                .expected(expected.clone())
                .next("replace `join!` with `select!`, which ends with the first of its futures")
        } else {
            Fault::new("call_left_unpolled")
                .happened(format!(
                    "from {} on, the function awaited only call {}, until {}. The other call would have answered at {}",
                    shown(after),
                    3 - winner,
                    shown(took),
                    shown(due)
                ))
                .expected(expected.clone())
                .next("await both calls, and take the first answer: `select!` over `&mut first` and the second call")
        }
    })?;
    ensure(took == due, || {
        Fault::new("given_up_too_early")
            .happened(format!(
                "the function returned at {}, before a call had its answer",
                shown(took)
            ))
            .expected(expected.clone())
            .next("return the page that a call returns, not one of your own")
    })?;
    let loser = if winner == 1 { second } else { first };
    ensure(loser.was_dropped_at(due), || {
        goes_on(format!(
            "call {winner} answered at {}, and call {} {}",
            shown(due),
            3 - winner,
            loser.end()
        ))
    })?;
    right_page(race, seen, winner)
}
