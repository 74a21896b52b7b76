//! The waits between the attempts.

use async_workbook::{harness::counted, verdict::Fault};

use super::plan::{Due, Plan, Tried};
use crate::{
    HOUR,
    faults::{Checked, panicked},
    watched::shown,
};

/// Base waits that double from a microsecond to more than an hour, further than a shift of 32 bits reaches.
pub(super) const DOUBLINGS: Plan = Plan {
    attempts: 34,
    base: 0,
    total: 5 * HOUR,
    calls: &[(0, 503)],
};

/// Waits that are too short to show may be rounded. From a second on, each is twice as long as the one before.
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
        "with a base of a microsecond, the wait after failure {} was {}, and the next one {}",
        index + 1,
        shown(before),
        shown(wait)
    );
    let expected = format!("it is twice as long, {}", shown(2 * before));
    Err(if wait < before {
        Fault::new("backoff_overflows")
            .happened(happened)
            .expected(expected)
            .next("double the wait after each failure, with `saturating_mul`: a power of two has no room for so many attempts")
    } else {
        Fault::new("backoff_not_doubled")
            .happened(happened)
            .expected(expected)
            .next("double the wait after each failure, without a cap")
    })
}

/// tokio rounds each wait up to a millisecond, and twice that is in one of two waits.
const ROUNDING: u64 = 4;

/// What to do about a timeout whose error was unwrapped.
pub(super) const UNWRAPPED: &str = "return `DeadlineExceeded` if your `timeout(…).await` gives an error, in place of the `unwrap` or `expect` after it";

pub(super) fn overflowed(calls: usize, message: &str) -> Fault {
    if !message.contains("overflow") {
        return panicked(message, UNWRAPPED);
    }
    Fault::new("backoff_overflows")
        .happened(format!("after {}, the function panicked: {message}", counted(calls, "call")))
        .expected("however many attempts there are, the next wait can be computed")
        .next("double the wait after each failure, with `saturating_mul`, rather than raise 2 to the number of the attempt")
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
    // One more, when the next wait would outlast the deadline.
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
    // Without what the calls themselves took.
    let lengths: Vec<u64> = (1..)
        .take(common)
        .map(|number| plan.call(number).0)
        .collect();
    let gaps: Vec<u64> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let pure: Vec<Option<u64>> = std::iter::zip(&gaps, &lengths)
        .map(|(gap, length)| gap.checked_sub(*length))
        .collect();
    if starts[0] > 0 {
        return fault(
            "sleeps_before_the_first",
            "the first call is made at once; wait between a failure and the next call",
        );
    }
    if pure.iter().all(|wait| *wait == Some(0)) && plan.base > 0 {
        return fault(
            "retry_without_backoff",
            "await `tokio::time::sleep` between a failure and the next call; `std::thread::sleep` only holds up the thread",
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
            "wait_begins_with_the_attempt",
            "begin the wait when the attempt has failed",
        );
    }
    if pure.first().copied().flatten() != Some(plan.base) {
        return fault(
            "first_wait_not_base",
            "the wait after the first failure is `base`; double it afterwards",
        );
    }
    fault("backoff_not_doubled", "double the wait after each failure")
}
