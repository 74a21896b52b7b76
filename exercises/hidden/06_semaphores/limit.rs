//! How many calls or jobs run at once.

use std::time::Duration;

use async_workbook::{
    clock::Readable,
    harness::counted,
    services::upstream::Call,
    verdict::{Fault, ensure},
};
use tokio::time::Instant;

use crate::{
    faults::{call_rejected_when_full, permit_returned_twice, threads_block},
    scenario::Scenario,
    work::Work,
};

/// Exactly as many ran at once as the limit allows.
pub(crate) fn limit_kept(scenario: &Scenario, took: Duration, work: &Work) -> Result<(), Fault> {
    let slowest = scenario.latencies.iter().max().copied();
    let slowest = slowest.unwrap_or_default();
    ensure(took >= slowest, || threads_block(slowest, took))?;
    let all = scenario.paths.len();
    let limit = scenario.limit;
    let most = scenario.upstream.high_water();
    let expected = limit.min(all);
    if most == expected {
        return Ok(());
    }
    let noun = work.noun;
    let happened = format!(
        "of {}, {most} were in flight at once, and the limit is {limit}",
        counted(all, noun)
    );
    let should =
        format!("{expected} are in flight at once while there are enough left, and never more");
    let calls = scenario.calls();
    let first = calls.iter().filter_map(|call| call.started).min();
    let kept_at_first = under_way(&calls, first) == expected;
    Err(if most > expected && kept_at_first {
        limit_given_up(scenario, &calls, noun)
    } else if most == all {
        Fault::new(work.unlimited)
            .happened(format!(
                "all {all} {noun}s were in flight at once, and the limit is {limit}: {}",
                work.unlimited_why
            ))
            .expected(should)
            .next(work.unlimited_next)
    } else if most == 1 {
        Fault::new("awaits_in_a_loop")
            .happened(format!(
                "each {noun} began only after the one before it had ended, and the limit is {limit}"
            ))
            .expected(should)
            .next(format!("move the `.await` for a {noun} out of the loop that begins the next one: begin as many as there's room for, then wait"))
    } else if most + 1 == expected || most == expected + 1 {
        Fault::new("limit_off_by_one")
            .happened(happened)
            .expected(should)
            .next("check the comparison that decides whether to wait: `<` or `<=`, and before or after you count the new one")
    } else {
        Fault::new("limit_hard_coded")
            .happened(happened)
            .expected(should)
            .next("pass `limit` to one semaphore or one `buffered`, and remove any other limit: a number in the code, or a `static`, which keeps the first limit that it was given")
    })
}

/// How many of these calls were running at this moment.
pub(crate) fn under_way(calls: &[Call], at: Option<Instant>) -> usize {
    let spans = calls.iter();
    spans
        .filter(|call| call.started <= at && call.ended > at)
        .count()
}

/// Why the limit held only at first.
pub(crate) fn limit_given_up(scenario: &Scenario, calls: &[Call], noun: &str) -> Fault {
    let limit = scenario.limit;
    let starts = calls.iter().map(|call| call.started);
    let crowded = starts.filter(|&start| under_way(calls, start) > limit);
    let crowded = crowded.min().flatten();
    let first = calls.iter().filter_map(|call| call.started).min();
    let when = crowded
        .zip(first)
        .map_or(Duration::ZERO, |(at, first)| at - first);
    let happened = format!(
        "of {} with a limit of {limit}, {} were in flight after {}",
        counted(scenario.paths.len(), noun),
        under_way(calls, crowded),
        Readable(when)
    );
    if calls.iter().any(|call| call.ended == crowded) {
        permit_returned_twice(format!("{happened}, when only one place had become free"))
    } else {
        call_rejected_when_full(format!("{happened}, when no place was free"))
    }
}
