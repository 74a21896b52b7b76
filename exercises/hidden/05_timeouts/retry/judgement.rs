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
            return Err(Fault::new("backoff_past_the_deadline")
                .happened(format!(
                    "at {}, with a deadline at {}, the function subtracted the time that had passed from the total, and panicked: {message}",
                    shown(seen.took),
                    shown(plan.total)
                ))
                .expected(format!(
                    "everything ends at {}, even in the middle of an attempt or a wait",
                    shown(plan.total)
                ))
                .next("replace the subtraction with one `timeout(total, …)` around the whole loop, so it bounds the waits too"));
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
        let cut = matches!(seen.result, Ok(Err(RetryError::DeadlineExceeded(_))));
        if seen.took >= plan.total && cut {
            Fault::new("backoff_doubled_too_early")
                .happened(format!(
                    "after the first attempt, the function waited until the deadline at {}",
                    shown(plan.total)
                ))
                .expected(expected())
                .next("wait for `base` after the first failure")
        } else if seen.took > due.starts[1] {
            Fault::new("finished_call_awaited_again")
                .happened(
                    "the function made one call, and used its result for every attempt",
                )
                .expected(
                    "the function makes a new call for each attempt: a future that has ended never begins again",
                )
                .next("call `call()` inside the loop, once for each attempt")
        } else {
            Fault::new("retry_missing")
                .happened(format!(
                    "the first attempt failed, and the function returned at {}",
                    shown(seen.took)
                ))
                .expected(expected())
                .next("move the call into a loop, and leave the loop on the first success")
        }
    })?;
    ensure(
        watched
            .iter()
            .all(|watched| watched.polled == Some(watched.made)),
        || {
            Fault::new("call_made_in_advance")
                .happened(format!(
                    "the function made its calls {}, and polled them {}",
                    listed(watched.iter().map(|watched| watched.made)),
                    listed(starts.iter().copied())
                ))
                .expected("it makes each call when its attempt begins: code before the call's first `.await` may depend on that")
                .next("call `call()` inside the loop, once for each attempt")
        },
    )?;
    waits(plan, &due, &starts, happened, expected)?;
    ensure(starts.len() >= due.starts.len(), || {
        too_few(plan, &due, seen, starts.len())
    })?;
    ensure(starts.len() == due.starts.len(), || {
        miscounted(plan, &due, starts.len())
            .next("count the first call as an attempt, and leave the loop after a success")
    })?;
    let last = watched.last().and_then(|watched| watched.ended);
    ensure(due.wait_cut || seen.took == due.at, || {
        if last < Some(seen.took) && due.result.is_err() {
            Fault::new("wait_after_last_attempt")
                .happened(format!(
                    "the last attempt failed at {}, and the function returned at {}",
                    shown(last.unwrap_or_default()),
                    shown(seen.took)
                ))
                .expected(
                    "the function returns when the last attempt has failed, since no other follows",
                )
                .next("skip the wait after the last attempt")
        } else {
            Fault::new("needless_wait")
                .happened(format!("the function returned at {}", shown(seen.took)))
                .expected(format!("it returns at {}", shown(due.at)))
                .next("remove the `.await` that the result doesn't need")
        }
    })?;
    let result = seen.result.as_ref().ok();
    ensure(result == Some(&due.result), || {
        wrong_result(result, &due.result)
    })?;
    seen.no_task_is_left()
}

/// The answer stopped half way: because of the time, because of an error, or because it miscounted.
pub(super) fn too_few(plan: Plan, due: &Due, seen: &Tried, made: usize) -> Fault {
    if let Ok(Err(RetryError::DeadlineExceeded(_))) = seen.result {
        return Fault::new("given_up_too_early")
            .happened(format!(
                "the function gave up at {}, with a deadline at {}",
                shown(seen.took),
                shown(plan.total)
            ))
            .expected(format!(
                "the next attempt begins at {}, while there's still time",
                shown(due.starts[made])
            ))
            .next("compare the deadline with the end of the next wait, and give up early only if that wait would outlast it");
    }
    let number = u32::try_from(made).expect("no plan has more attempts");
    let (_, status) = plan.call(number.max(1));
    if status == plan.call(1).1 {
        return miscounted(plan, due, made)
            .next("let your loop reach the last attempt: `1..=attempts` includes it, `1..attempts` doesn't");
    }
    let error = answer(number, status).map_or_else(|error| error.to_string(), |page| page.body);
    Fault::new("retry_missing")
        .happened(format!(
            "the function stopped after attempt {made}: {error}"
        ))
        .expected("it retries after every kind of error")
        .next("leave the loop only on a success, or after the last attempt")
}

pub(super) fn miscounted(plan: Plan, due: &Due, made: usize) -> Fault {
    let most = match due.result {
        Ok(_) => format!("attempt {} succeeded, and", due.starts.len()),
        Err(_) => format!("allowed {},", counted(plan.attempts as usize, "attempt")),
    };
    Fault::new("attempts_miscounted")
        .happened(format!(
            "{most} the function made {}",
            counted(made, "call")
        ))
        .expected(format!("it makes {}", counted(due.starts.len(), "call")))
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
            .next("store the error of each failed attempt in a variable outside the block that the timeout drops")
    } else {
        Fault::new("wrong_error_returned").next("return `Exhausted` if all attempts failed, and `DeadlineExceeded` if time ran out first")
    };
    fault
        .happened(format!(
            "the function returned {}",
            result.map_or(String::new(), show)
        ))
        .expected(format!("it returns {}", show(due)))
}
