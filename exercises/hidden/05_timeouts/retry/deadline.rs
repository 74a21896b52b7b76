//! What ends too late, or too early.

use async_workbook::{
    harness::counted,
    probes::drops::Outcome,
    verdict::{Fault, ensure},
};

use super::plan::{Due, Plan, Tried};
use super::{backoff::UNWRAPPED, judgement::wrong_result};
use crate::{
    RetryError,
    faults::{Checked, goes_on, panicked, zero_taken_as_unset},
    watched::{Watched, shown},
};

/// With a total of zero, an attempt that takes so long need not begin, and has no time to end.
pub(super) fn no_time(length: u64, seen: &Tried) -> Checked {
    let result = seen
        .result
        .as_ref()
        .map_err(|message| panicked(message, UNWRAPPED))?;
    ensure(seen.took < length, || {
        zero_taken_as_unset(format!(
            "with a total of {}, an attempt went on to its end at {}",
            shown(0),
            shown(seen.took)
        ))
    })?;
    ensure(seen.took == 0, || {
        Fault::new("wrong_limit")
            .happened(format!(
                "with a total of {}, the function returned after {}",
                shown(0),
                shown(seen.took)
            ))
            .expected("the error is returned at once")
            .next("give the timeout the total as it is")
    })?;
    let due = Err(RetryError::DeadlineExceeded(None));
    ensure(*result == due, || wrong_result(Some(result), &due))?;
    let left = seen
        .watched
        .iter()
        .find(|watched| watched.ended.is_none_or(|ended| ended > 0));
    ensure(left.is_none(), || {
        goes_on(format!(
            "the function returned at {}, and an attempt {}",
            shown(0),
            left.map_or(String::new(), Watched::end)
        ))
    })?;
    seen.no_task_is_left()
}

/// Whatever ends too late, or too early, with regard to the total.
pub(super) fn past_the_deadline(plan: Plan, due: &Due, seen: &Tried, starts: &[u64]) -> Checked {
    let (total, watched) = (plan.total, &seen.watched);
    let expected = format!(
        "everything ends at {}, whatever is under way: an attempt, or a wait",
        shown(total)
    );
    let left = watched
        .iter()
        .find(|watched| watched.ended.is_none_or(|ended| ended > seen.took));
    if let Some(left) = left
        && seen.took <= total
    {
        return Err(goes_on(format!(
            "the function returned at {}, and an attempt {}",
            shown(seen.took),
            left.end()
        )));
    }
    let cut = |watched: &&Watched| watched.outcome == Some(Outcome::Dropped);
    let own_limit = watched.iter().find(|watched| {
        cut(watched) && watched.ended != Some(total) && watched.ended <= Some(seen.took)
    });
    let late = starts.iter().find(|start| **start >= total);
    ensure(own_limit.is_none(), || {
        let length = own_limit.map_or(0, |watched| {
            watched.ended.unwrap_or(0) - watched.polled.unwrap_or(0)
        });
        if late.is_some() || seen.took > total {
            Fault::new("timeout_per_attempt")
                .happened(format!(
                    "an attempt was given {} for itself: in spite of a total of {}, the function returned after {}",
                    shown(length),
                    shown(total),
                    shown(seen.took)
                ))
                .expected(expected.clone())
                .next("put one `timeout` around the whole loop, or await everything with the same `timeout_at`")
        } else {
            Fault::new("attempt_cut_short")
                .happened(format!(
                    "an attempt was dropped after {}, when there was time left",
                    shown(length)
                ))
                .expected("only the total ends an attempt: nobody asked for a limit on each")
                .next("put the timeout around the loop, not around the call")
        }
    })?;
    ensure(late.is_none(), || {
        Fault::new("deadline_ignored")
            .happened(format!(
                "an attempt began at {}, with a deadline at {}",
                shown(*late.unwrap_or(&0)),
                shown(total)
            ))
            .expected(expected.clone())
            .next("put one `timeout` around the whole loop")
    })?;
    ensure(seen.took <= total, || {
        let running = watched.last().is_some_and(|last| last.ended > Some(total));
        if running {
            Fault::new("deadline_checked_between_attempts")
                .happened(format!(
                    "an attempt that was under way at {} was awaited to its end, until {}",
                    shown(total),
                    shown(seen.took)
                ))
                .expected(expected.clone())
                .next("to look at the clock now and then ends no wait: put one `timeout` around the whole loop")
        } else {
            Fault::new("backoff_outlasts_the_deadline")
                .happened(format!(
                    "a wait that was under way at {} went on until {}",
                    shown(total),
                    shown(seen.took)
                ))
                .expected(expected.clone())
                .next("the waits count as well: put the `timeout` around the loop, not around the call")
        }
    })?;
    let polled = starts.len();
    ensure(watched.len() == polled || polled < due.starts.len(), || {
        Fault::new("calls_made_ahead")
            .happened(format!(
                "{} were made, and {polled} of them polled",
                counted(watched.len(), "call")
            ))
            .expected("a call is made when its attempt begins, and only then")
            .next("call `call()` inside the loop, once for each attempt")
    })
}
