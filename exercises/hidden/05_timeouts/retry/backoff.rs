//! The waits between the attempts.

use async_workbook::verdict::Fault;

use super::plan::{Due, Plan};
use crate::faults::Checked;

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
