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

/// With a total of zero, an attempt of this length needn't begin, and has no time to end.
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
        Fault::new("wrong_time_limit")
            .happened(format!(
                "with a total of {}, the function returned after {}",
                shown(0),
                shown(seen.took)
            ))
            .expected("the function returns the error at once")
            .next("pass `total` to your timeout unchanged")
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

/// Whatever ends too late or too early, compared with the total.
pub(super) fn past_the_deadline(plan: Plan, due: &Due, seen: &Tried, starts: &[u64]) -> Checked {
    let (total, watched) = (plan.total, &seen.watched);
    let expected = format!(
        "everything ends at {}, even in the middle of an attempt or a wait",
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
    let length =
        |watched: &Watched| watched.ended.unwrap_or_default() - watched.polled.unwrap_or_default();
    let unbounded = watched.iter().find(|watched| {
        watched.outcome == Some(Outcome::Finished)
            && watched.ended > Some(total)
            && own_limit.is_some_and(|cut| length(watched) > length(cut))
    });
    ensure(unbounded.is_none(), || {
        Fault::new("wrong_time_limit")
            .happened(format!(
                "one attempt ran for {}, and the function cut a later one off at {}",
                shown(unbounded.map_or(0, length)),
                shown(seen.took)
            ))
            .expected(expected.clone())
            .next("start your timeout when `retry` begins, before the first attempt")
    })?;
    let late = starts.iter().find(|start| **start >= total);
    ensure(own_limit.is_none(), || {
        let length = own_limit.map_or(0, length);
        if late.is_some() || seen.took > total {
            Fault::new("timeout_per_attempt")
                .happened(format!(
                    "the function gave an attempt {} of its own. With a total of {}, it returned after {}",
                    shown(length),
                    shown(total),
                    shown(seen.took)
                ))
                .expected(expected.clone())
                .next("remove the timeout from the single attempt, and put one `timeout(total, …)` around the whole loop")
        } else {
            Fault::new("deadline_divided_among_attempts")
                .happened(format!(
                    "the function dropped an attempt after {}, though there was time left",
                    shown(length)
                ))
                .expected("only the total ends an attempt: the task sets no limit on each one")
                .next("move the timeout from the call to the whole loop")
        }
    })?;
    ensure(late.is_none(), || {
        Fault::new("deadline_ignored")
            .happened(format!(
                "an attempt began at {}, and the deadline was at {}",
                shown(*late.unwrap_or(&0)),
                shown(total)
            ))
            .expected(expected.clone())
            .next("put one `timeout(total, …)` around the whole loop")
    })?;
    ensure(seen.took <= total, || {
        let running = watched.last().is_some_and(|last| last.ended > Some(total));
        if running {
            Fault::new("deadline_checked_between_attempts")
                .happened(format!(
                    "an attempt was running at the deadline of {}, and the function awaited its end, until {}",
                    shown(total),
                    shown(seen.took)
                ))
                .expected(expected.clone())
                .next("put one `timeout(total, …)` around the whole loop: checking the clock between attempts doesn't end one")
        } else {
            Fault::new("backoff_past_the_deadline")
                .happened(format!(
                    "the function was waiting at the deadline of {}, and went on until {}",
                    shown(total),
                    shown(seen.took)
                ))
                .expected(expected.clone())
                .next("move the `timeout` from the call to the whole loop, so it bounds the waits too")
        }
    })?;
    let polled = starts.len();
    ensure(watched.len() == polled || polled < due.starts.len(), || {
        Fault::new("call_made_in_advance")
            .happened(format!(
                "the function made {}, and polled {polled} of them",
                counted(watched.len(), "call")
            ))
            .expected("the function makes a call when its attempt begins, and not earlier")
            .next("call `call()` inside the loop, once for each attempt")
    })
}
