//! The second call is due before the first has its answer.

use async_workbook::{
    probes::drops::Outcome,
    services::upstream::Page,
    verdict::{Fault, ensure},
};

use super::{
    judgement::{hedges_always, right_page},
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
