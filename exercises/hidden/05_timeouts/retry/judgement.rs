//! Whether what happened is what a plan asks for.

use async_workbook::{
    harness::counted,
    verdict::{Fault, ensure},
};

use super::{
    backoff::{overflowed, waits},
    deadline::past_the_deadline,
    plan::{Due, Plan, Retried, Tried, answer},
};
use crate::{
    RetryError,
    faults::{Checked, ran_elsewhere},
    watched::shown,
};

pub(super) fn listed(times: impl IntoIterator<Item = u64>) -> String {
    let times: Vec<_> = times.into_iter().map(|time| time.to_string()).collect();
    if times.len() > 12 {
        return format!(
            "at {}, … and {} more ms",
            times[..12].join(", "),
            times.len() - 12
        );
    }
    format!("at {} ms", times.join(", "))
}

pub(super) fn judge(plan: Plan, seen: &Tried) -> Checked {
    let due = plan.due();
    let watched = &seen.watched;
    ensure(watched.iter().all(|watched| !watched.elsewhere), || {
        ran_elsewhere("an attempt")
    })?;
    if let Err(message) = &seen.result {
        if message.contains("subtract") {
            return Err(Fault::new("backoff_outlasts_the_deadline")
                .happened(format!(
                    "at {}, with a deadline at {}, the function subtracted what had passed from what there was, and panicked: {message}",
                    shown(seen.took),
                    shown(plan.total)
                ))
                .expected(format!(
                    "everything ends at {}, whatever is under way: an attempt, or a wait",
                    shown(plan.total)
                ))
                .next("bound the waits as well: put one `timeout` around the whole loop"));
        }
        return Err(overflowed(watched.len(), message));
    }
    let starts: Vec<u64> = watched
        .iter()
        .filter_map(|watched| watched.polled)
        .collect();
    let happened = || format!("the attempts began {}", listed(starts.iter().copied()));
    let expected = || format!("they begin {}", listed(due.starts.iter().copied()));

    past_the_deadline(plan, &due, seen, &starts)?;
    ensure(starts.len() != 1 || due.starts.len() == 1, || {
        if seen.took > due.starts[1] {
            Fault::new("same_call_awaited_again")
                .happened(
                    "there was one call, and its one result was taken for that of every attempt",
                )
                .expected(
                    "each attempt is a call of its own: a future that has ended never begins again",
                )
                .next("call `call()` inside the loop, once for each attempt")
        } else {
            Fault::new("never_tries_again")
                .happened(format!(
                    "the first attempt failed, and the function returned at {}",
                    shown(seen.took)
                ))
                .expected(expected())
                .next("make the call in a loop that ends with the first success")
        }
    })?;
    ensure(
        watched
            .iter()
            .all(|watched| watched.polled == Some(watched.made)),
        || {
            Fault::new("calls_made_ahead")
                .happened(format!(
                    "the calls were made {}, and polled {}",
                    listed(watched.iter().map(|watched| watched.made)),
                    listed(starts.iter().copied())
                ))
                .expected("each call is made when its attempt begins: what it does before its first `.await` may depend on it")
                .next("call `call()` inside the loop, once for each attempt")
        },
    )?;
    waits(plan, &due, &starts, happened, expected)?;
    ensure(starts.len() >= due.starts.len(), || {
        too_few(plan, &due, seen, starts.len())
    })?;
    ensure(starts.len() == due.starts.len(), || {
        miscounted(plan, &due, starts.len())
            .next("the first call is an attempt too, and nothing follows a success")
    })?;
    let last = watched.last().and_then(|watched| watched.ended);
    ensure(due.wait_cut || seen.took == due.at, || {
        if last < Some(seen.took) && due.result.is_err() {
            Fault::new("sleeps_after_the_last")
                .happened(format!(
                    "the last attempt failed at {}, and the function returned at {}",
                    shown(last.unwrap_or_default()),
                    shown(seen.took)
                ))
                .expected(
                    "it returns when the last attempt has failed: no attempt is left to wait for",
                )
                .next("wait only when another attempt follows")
        } else {
            Fault::new("needless_wait")
                .happened(format!("the function returned at {}", shown(seen.took)))
                .expected(format!("it returns at {}", shown(due.at)))
                .next("look for an await that the result does not need")
        }
    })?;
    let result = seen.result.as_ref().ok();
    ensure(result == Some(&due.result), || {
        wrong_result(result, &due.result)
    })?;
    seen.no_task_is_left()
}

/// It stopped in the middle: because of the time, or of an error, or for no reason but its count.
pub(super) fn too_few(plan: Plan, due: &Due, seen: &Tried, made: usize) -> Fault {
    if let Ok(Err(RetryError::DeadlineExceeded(_))) = seen.result {
        return Fault::new("gave_up_too_early")
            .happened(format!(
                "it gave up at {}, with a deadline at {}",
                shown(seen.took),
                shown(plan.total)
            ))
            .expected(format!(
                "the next attempt begins at {}, when there is still time",
                shown(due.starts[made])
            ))
            .next("only a wait that ends after the deadline may be left out: compare the wait that comes next");
    }
    let number = u32::try_from(made).expect("no plan has more attempts");
    let (_, status) = plan.call(number.max(1));
    if status == plan.call(1).1 {
        return miscounted(plan, due, made)
            .next("`1..attempts` leaves out the last of them, `1..=attempts` does not");
    }
    let error = answer(number, status).map_or_else(|error| error.to_string(), |page| page.body);
    Fault::new("never_tries_again")
        .happened(format!("after attempt {made} there was no other: {error}"))
        .expected("every error counts as one that may pass")
        .next("let nothing end the loop but a success, or the last attempt")
}

pub(super) fn miscounted(plan: Plan, due: &Due, made: usize) -> Fault {
    let most = match due.result {
        Ok(_) => format!("attempt {} succeeded, and", due.starts.len()),
        Err(_) => format!("for at most {}", counted(plan.attempts as usize, "attempt")),
    };
    Fault::new("attempts_miscounted")
        .happened(format!("{most} there were {}", counted(made, "call")))
        .expected(counted(due.starts.len(), "call"))
}

pub(super) fn wrong_result(result: Option<&Retried>, due: &Retried) -> Fault {
    let show = |retried: &Retried| match retried {
        Ok(page) => format!("`Ok` with {}", page.body),
        Err(RetryError::Exhausted(error)) => format!("`Exhausted({error})`"),
        Err(RetryError::DeadlineExceeded(None)) => "`DeadlineExceeded(None)`".into(),
        Err(RetryError::DeadlineExceeded(Some(error))) => {
            format!("`DeadlineExceeded(Some({error}))`")
        }
    };
    let kind = |retried: &Retried| retried.as_ref().map(|_| ()).map_err(std::mem::discriminant);
    let same_kind = result.map(kind) == Some(kind(due));
    let fault = if same_kind {
        Fault::new("last_error_lost")
            .next("keep the error of each attempt that fails, outside of what the timeout drops")
    } else {
        Fault::new("errors_mixed_up").next("`Exhausted` when all attempts have failed, `DeadlineExceeded` when the time was up before")
    };
    fault
        .happened(format!(
            "it returned {}",
            result.map_or(String::new(), show)
        ))
        .expected(show(due))
}
