//! The first call has its answer before a second one is due.

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
    faults::{Checked, goes_on},
    observation::Seen,
    watched::{Watched, shown},
};

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
        "the function returns the first answer at {}, before a second call is due",
        shown(length)
    );
    let second = seen.watched.get(1);
    ensure(
        second.is_none_or(|second| second.polled != Some(0)),
        unconditional_hedge,
    )?;
    ensure(seen.took != after, || {
        Fault::new("futures_joined_not_raced")
            .happened(format!(
                "the first call answered at {}, and the function returned at {}",
                shown(length),
                shown(after)
            ))
            .expected(expected.clone())
            .next(
                "wait for the call or the timer, whichever ends first, with `select!` or `timeout`",
            )
    })?;
    if let Some(second) = second {
        ensure(
            second
                .polled
                .is_none_or(|_| second.ended != Some(seen.took)),
            || {
                Fault::new("futures_joined_not_raced")
                    .happened(format!(
                        "the first call answered at {}, and the function waited for a second answer, until {}",
                        shown(length),
                        shown(seen.took)
                    ))
                    .expected(expected.clone())
                    .next("replace `join!` with `select!`, which ends with the first of its futures")
            },
        )?;
        ensure(
            second.polled.is_some_and(|polled| polled > seen.took),
            || {
                let misconception = match second.polled {
                    None => "call_made_in_advance",
                    Some(_) => "hedge_mistimed",
                };
                Fault::new(misconception)
                    .happened(format!(
                        "the first call answered at {}, and the function made a second call at {}",
                        shown(length),
                        shown(second.made)
                    ))
                    .expected(expected.clone())
                    .next("call `call()` again only when `after` has passed without an answer")
            },
        )?;
        return Err(goes_on(format!(
            "the first call answered at {}, and something left running made a second call at {}",
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
                .next("remove the `.await` that the answer doesn't need")
        },
    )?;
    right_page(race, seen, 1)
}
