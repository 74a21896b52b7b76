//! The waits between the attempts.

use async_workbook::{harness::counted, verdict::Fault};

use super::plan::{Due, Plan, Tried};
use crate::{
    HOUR,
    faults::{Checked, panicked, zero_taken_as_unset},
    watched::shown,
};

/// Waits that double from a microsecond to more than an hour, which is further than 32 bits can shift.
pub(super) const DOUBLINGS: Plan = Plan {
    attempts: 34,
    base: 0,
    total: 5 * HOUR,
    calls: &[(0, 503)],
};

/// Short waits may be rounded. From a second on, each is twice as long as the one before.
pub(super) fn doubles_to_the_end(seen: &Tried) -> Checked {
    seen.result
        .as_ref()
        .map_err(|message| overflowed(seen.watched.len(), message))?;
    let starts: Vec<u64> = seen
        .watched
        .iter()
        .filter_map(|watched| watched.polled)
        .collect();
    let waits: Vec<u64> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let odd = waits
        .windows(2)
        .position(|pair| pair[0] >= 1000 && pair[1].abs_diff(2 * pair[0]) > ROUNDING);
    let Some(index) = odd else { return Ok(()) };
    let (before, wait) = (waits[index], waits[index + 1]);
    let happened = format!(
        "with a base of a microsecond, the wait after failure {} was {}, and the next wait was {}",
        index + 1,
        shown(before),
        shown(wait)
    );
    let expected = format!("the next wait is twice as long: {}", shown(2 * before));
    Err(if wait < before {
        Fault::new("backoff_overflow")
            .happened(happened)
            .expected(expected)
            .next("keep the wait in a variable, and double it with `saturating_mul(2)`: a power of two overflows after so many attempts")
    } else {
        Fault::new("backoff_not_doubled")
            .happened(happened)
            .expected(expected)
            .next("remove the cap, and double the wait after each failure")
    })
}

/// tokio rounds each wait up to a millisecond. The shorter wait's rounding counts twice.
const ROUNDING: u64 = 4;

/// What to do about a timeout whose error was unwrapped.
pub(super) const UNWRAPPED: &str = "replace the `unwrap` or `expect` after your `timeout(…).await`: if it gives an error, return `DeadlineExceeded`";

pub(super) fn overflowed(calls: usize, message: &str) -> Fault {
    if !message.contains("overflow") {
        return panicked(message, UNWRAPPED);
    }
    Fault::new("backoff_overflow")
        .happened(format!("after {}, the function panicked: {message}", counted(calls, "call")))
        .expected("the function can compute the next wait, however many attempts there are")
        .next("keep the wait in a variable, and double it with `saturating_mul(2)` instead of raising 2 to the attempt's number")
}

/// The distances between the attempts.
pub(super) fn waits(
    plan: Plan,
    due: &Due,
    starts: &[u64],
    happened: impl Fn() -> String,
    expected: impl Fn() -> String,
) -> Checked {
    let common = starts.len().min(due.starts.len());
    // One attempt too many, after a wait that should have outlasted the deadline.
    let too_short = due.wait_cut && starts.len() > common;
    if starts[..common] == due.starts[..common] && !too_short {
        return Ok(());
    }
    let fault = |misconception: &str, next: &str| {
        Err(Fault::new(misconception)
            .happened(happened())
            .expected(expected())
            .next(next))
    };
    // The gaps without the time that the calls themselves took.
    let lengths: Vec<u64> = (1..)
        .take(common)
        .map(|number| plan.call(number).0)
        .collect();
    let gaps: Vec<u64> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let pure: Vec<Option<u64>> = std::iter::zip(&gaps, &lengths)
        .map(|(gap, length)| gap.checked_sub(*length))
        .collect();
    if plan.base == 0 && pure.iter().all(|wait| *wait > Some(0)) {
        return Err(zero_taken_as_unset(format!(
            "with a base of {}, {}",
            shown(0),
            happened()
        )));
    }
    if starts[0] > 0 {
        return fault(
            "wait_before_first_attempt",
            "move the wait between a failure and the next call, and make the first call at once",
        );
    }
    if pure.iter().all(|wait| *wait == Some(0)) && plan.base > 0 {
        return fault(
            "retry_without_backoff",
            "await `tokio::time::sleep(wait)` between a failure and the next call",
        );
    }
    let doubling = |gaps: &[u64]| {
        std::iter::zip(
            gaps,
            std::iter::successors(Some(plan.base), |wait| Some(wait * 2)),
        )
        .all(|(gap, wait)| *gap == wait)
    };
    if doubling(&gaps) && lengths.iter().any(|length| *length > 0) {
        return fault(
            "backoff_counted_from_start",
            "begin the wait after the attempt has failed: `sleep(wait).await` after `call().await`",
        );
    }
    if pure.first().copied().flatten() != Some(plan.base) {
        return fault(
            "backoff_doubled_too_early",
            "wait for `base` after the first failure, and double the wait only after that",
        );
    }
    fault("backoff_not_doubled", "double the wait after each failure")
}
