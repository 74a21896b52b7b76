//! Whether the calls were made once each, together, and to their end.

use std::{collections::HashSet, time::Duration};

use async_workbook::{
    clock::Readable,
    harness::counted,
    services::upstream::{Call, Outcome},
    verdict::{Fault, ensure},
};

use crate::{gathering::Way, run::Run, scenario::Scenario, watch::none_restarted};

/// Each call was made once, and went on to its end.
pub(crate) fn called_once_each(scenario: &Scenario) -> Result<(), Fault> {
    let calls = scenario.calls();
    let expected = scenario.paths.len();
    none_restarted(&calls)?;
    ensure(calls.len() >= expected, || {
        pages_missing(format!(
            "the upstream got {} for {}",
            counted(calls.len(), "call"),
            counted(expected, "path")
        ))
    })?;
    ensure(calls.len() <= expected, || {
        calls_too_many(calls.len(), expected)
    })?;
    none_abandoned(&calls)
}

pub(crate) fn calls_too_many(made: usize, expected: usize) -> Fault {
    Fault::new("calls_too_many")
        .happened(format!(
            "the upstream got {} where {expected} are enough",
            counted(made, "call")
        ))
        .expected("there is one call for each page")
        .next("keep the page that a call brought, rather than calling again")
}

pub(crate) fn none_abandoned(calls: &[Call]) -> Result<(), Fault> {
    let abandoned = calls
        .iter()
        .find(|call| !matches!(call.outcome, Some(Outcome::Answered | Outcome::Failed)));
    ensure(abandoned.is_none(), || {
        let (path, how) = abandoned.map_or(("", ""), |call| match call.outcome {
            None => (&call.path, "was still under way when the function returned"),
            _ => (&call.path, "was dropped before it had its answer"),
        });
        Fault::new("calls_abandoned")
            .happened(format!("the call for {path} {how}"))
            .expected("every call that was begun is awaited to its end, however long it takes")
            .next("look for a timeout, a `select!`, or a task whose handle nobody awaits")
    })
}

pub(crate) fn pages_missing(happened: String) -> Fault {
    Fault::new("pages_missing")
        .happened(happened)
        .expected("there is one page for each path")
        .next("await every call, and keep each of the pages")
}

/// All calls overlap, and nothing else takes time.
pub(crate) fn overlapping<T>(scenario: &Scenario, run: &Run<T>, way: &Way) -> Result<(), Fault> {
    let calls = scenario.calls();
    let slowest = calls.iter().filter_map(length).max().unwrap_or_default();
    let at_most = scenario.upstream.high_water();
    ensure(at_most == calls.len(), || {
        none_late(&calls).unwrap_or_else(|| not_together(&calls, at_most, run, way))
    })?;
    ensure(run.took == slowest, || {
        none_late(&calls).unwrap_or_else(|| needless_wait(slowest, run.took))
    })
}

pub(crate) fn length(call: &Call) -> Option<Duration> {
    Some(call.ended?.duration_since(call.started?))
}

pub(crate) fn needless_wait(slowest: Duration, took: Duration) -> Fault {
    Fault::new("needless_wait")
        .happened(format!(
            "the calls overlapped and were done in {}, and yet the function took {}",
            Readable(slowest),
            Readable(took)
        ))
        .expected("the calls begin at once, and the function ends when the last of them does")
        .next("look for a sleep, or for an await that the pages do not need")
}

/// The fault of a call that began late, and not because it waited for another: then it would begin when that one ends.
fn none_late(calls: &[Call]) -> Option<Fault> {
    let first = calls.iter().filter_map(|call| call.started).min()?;
    let ends: HashSet<_> = calls.iter().filter_map(|call| call.ended).collect();
    let late = calls.iter().find_map(|call| {
        let started = call.started.filter(|&started| started > first)?;
        (!ends.contains(&started)).then_some((&call.path, started.duration_since(first)))
    });
    late.map(|(path, late)| {
        Fault::new("needless_wait")
            .happened(format!(
                "the call for {path} began {} after the first, and waited for no other",
                Readable(late)
            ))
            .expected("all calls begin at once, and the function ends when the last of them does")
            .next("look for a sleep before the call, or between one call and the next")
    })
}

/// Why the calls did not overlap, told from when their futures were made, on which tasks they ran, and what woke them.
fn not_together<T>(calls: &[Call], at_most: usize, run: &Run<T>, way: &Way) -> Fault {
    let all = calls.len();
    let slowest = calls.iter().filter_map(length).max().unwrap_or_default();
    let expected = format!(
        "all {all} calls wait at the same time, and the function takes {}, as long as the slowest",
        Readable(slowest)
    );
    let took = Readable(run.took);
    if at_most > 1 {
        return Fault::new("too_few_in_flight")
            .happened(format!(
                "at most {at_most} of the {all} calls were in flight together; it took {took}"
            ))
            .expected(expected)
            .next("take the limit away: no `buffered` with a fixed number, no chunks, and no permit that is held across a call");
    }
    let tasks: HashSet<_> = calls.iter().filter_map(|call| call.task).collect();
    let all_made_first = calls.iter().all(|call| Some(call.created) < calls[0].ended);
    // All tasks are there, or one future woke the next: what they wait for is handed from one to another.
    let one_at_a_time = run.woke_itself || run.first.tasks >= all;
    let (misconception, how, next) = if one_at_a_time {
        (
            "lock_held_while_waiting",
            "all futures were polled, but each made its call only after the one before had ended, as behind a lock that is held across the call",
            "release the lock, or the only permit, before you await the call: it is wanted for what is shared, not for waiting",
        )
    } else if tasks.len() == all {
        (
            "spawn_awaited_at_once",
            "each call had a task, but began only after the one before had ended",
            way.next,
        )
    } else if all_made_first {
        (
            "creating_starts_nothing",
            "all futures were made at the start, but each was polled only after the one before had ended: the dots are futures that nobody polls",
            way.next,
        )
    } else {
        (
            "awaits_in_a_loop",
            "each call was made only after the one before had ended",
            way.next,
        )
    };
    Fault::new(misconception)
        .happened(format!("{how}; it took {took}"))
        .expected(expected)
        .next(next)
}
