//! How many calls or jobs are under way at once.

use std::time::Duration;

use async_workbook::{
    clock::Readable,
    harness::counted,
    services::upstream::Call,
    verdict::{Fault, ensure},
};
use tokio::time::Instant;

use crate::{
    faults::{gives_up_when_full, permit_returned_twice, threads_block},
    scenario::Scenario,
};

/// What a task calls the work that it limits, and what it should do to limit it.
pub(crate) struct Words {
    pub(crate) noun: &'static str,
    pub(crate) unlimited: &'static str,
    pub(crate) unlimited_why: &'static str,
    pub(crate) unlimited_next: &'static str,
}

/// How many were under way at once is exactly as many as the limit.
pub(crate) fn limit_kept(scenario: &Scenario, took: Duration, words: &Words) -> Result<(), Fault> {
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
    let noun = words.noun;
    let happened = format!(
        "of {}, {most} were in flight at once, where the limit is {limit}",
        counted(all, noun)
    );
    let should =
        format!("{expected} in flight at once as long as there are enough left, and never more");
    let calls = scenario.calls();
    let first = calls.iter().filter_map(|call| call.started).min();
    let kept_at_first = under_way(&calls, first) == expected;
    Err(if most > expected && kept_at_first {
        limit_given_up(scenario, &calls, noun)
    } else if most == all {
        Fault::new(words.unlimited)
            .happened(format!(
                "all {all} {noun}s were in flight at once, where the limit is {limit}: {}",
                words.unlimited_why
            ))
            .expected(should)
            .next(words.unlimited_next)
    } else if most == 1 {
        Fault::new("one_at_a_time")
            .happened(format!(
                "each {noun} began only after the one before had ended, where the limit is {limit}"
            ))
            .expected(should)
            .next("await nothing to its end in the loop that begins the work; a mutex is a limit of one")
    } else if most + 1 == expected || most == expected + 1 {
        Fault::new("limit_off_by_one")
            .happened(happened)
            .expected(should)
            .next("count once more: what is waited for at which number in flight, `<` or `<=`, before or after the new one is added")
    } else {
        Fault::new("another_limit")
            .happened(happened)
            .expected(should)
            .next("let `limit` alone decide, through one semaphore or one `buffered`: look for a number that is written down, a second limit, or a `static`, which keeps its first one")
    })
}

/// How many of these calls were under way at this moment.
pub(crate) fn under_way(calls: &[Call], at: Option<Instant>) -> usize {
    let spans = calls.iter();
    spans
        .filter(|call| call.started <= at && call.ended > at)
        .count()
}

/// Why the limit held at first, and then no more.
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
        permit_returned_twice(format!("{happened}, when one place had become free"))
    } else {
        gives_up_when_full(format!("{happened}, when no place was free"))
    }
}
