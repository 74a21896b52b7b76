//! Whether each call was made once, together with the others, and ran to its end.

use std::{collections::HashSet, time::Duration};

use async_workbook::{
    clock::Readable,
    harness::counted,
    services::upstream::{Call, Outcome},
    verdict::{Fault, ensure},
};

use crate::{gathering::Way, run::Run, scenario::Scenario, watch::none_restarted};

/// Each call was made once, and ran to its end.
pub(crate) fn called_once_each(scenario: &Scenario) -> Result<(), Fault> {
    let calls = scenario.calls();
    let expected = scenario.paths.len();
    none_restarted(&calls)?;
    ensure(calls.len() >= expected, || {
        results_missing(format!(
            "the upstream got {} for {}",
            counted(calls.len(), "call"),
            counted(expected, "path")
        ))
    })?;
    ensure(calls.len() <= expected, || {
        extra_call_made(calls.len(), expected)
    })?;
    none_abandoned(&calls)
}

pub(crate) fn extra_call_made(made: usize, expected: usize) -> Fault {
    Fault::new("extra_call_made")
        .happened(format!(
            "the upstream got {}, but {expected} are enough",
            counted(made, "call")
        ))
        .expected("the function makes one call for each page")
        .next("keep the page that `fetch` yields, rather than calling it again")
}

pub(crate) fn none_abandoned(calls: &[Call]) -> Result<(), Fault> {
    let abandoned = calls
        .iter()
        .find(|call| !matches!(call.outcome, Some(Outcome::Answered | Outcome::Failed)));
    ensure(abandoned.is_none(), || {
        let (path, how) = abandoned.map_or(("", ""), |call| match call.outcome {
            None => (&call.path, "was still in flight when the function returned"),
            _ => (&call.path, "was dropped before its answer arrived"),
        });
        Fault::new("call_dropped_early")
            .happened(format!("the call for {path} {how}"))
            .expected("every call that starts is awaited to its end, however long it takes")
            .next("await every future, or every task's handle, to its end: without a `timeout` or a `select!`")
    })
}

pub(crate) fn results_missing(happened: String) -> Fault {
    Fault::new("results_missing")
        .happened(happened)
        .expected("the function returns one page for each path")
        .next("await every call, and keep every page")
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
            "the calls overlapped and were done after {}, but the function took {}",
            Readable(slowest),
            Readable(took)
        ))
        .expected("the calls begin at once, and the function returns when the last of them ends")
        .next("remove the `sleep`, or whatever else you await besides the pages")
}

/// The fault of a call that began late, but not because it waited for another: then it would begin when that one ends.
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
                "the call for {path} began {} after the first, without waiting for another call",
                Readable(late)
            ))
            .expected(
                "all calls begin at once, and the function returns when the last of them ends",
            )
            .next("remove the `sleep`, or whatever else you await, before the call")
    })
}

/// Why the calls didn't overlap, judged by when their futures were made, which tasks they ran in, and what woke them.
fn not_together<T>(calls: &[Call], at_most: usize, run: &Run<T>, way: &Way) -> Fault {
    let all = calls.len();
    let slowest = calls.iter().filter_map(length).max().unwrap_or_default();
    let expected = format!(
        "all {all} calls wait at the same time, and the function takes {}, as long as the slowest",
        Readable(slowest)
    );
    let took = Readable(run.took);
    if at_most > 1 {
        return Fault::new("unrequested_concurrency_limit")
            .happened(format!(
                "at most {at_most} of the {all} calls were in flight together; the function took {took}"
            ))
            .expected(expected)
            .next("remove the limit: a `buffered` with a fixed number, the chunks, or a permit held across a call");
    }
    let tasks: HashSet<_> = calls.iter().filter_map(|call| call.task).collect();
    let all_made_first = calls.iter().all(|call| Some(call.created) < calls[0].ended);
    // All tasks exist, or one future woke the next: they hand on what they wait for, from one to another.
    let one_at_a_time = run.woke_itself || run.first.tasks >= all;
    let (misconception, how, next) = if one_at_a_time {
        (
            "lock_held_while_waiting",
            "all futures were polled, but each made its call only after the previous call had ended, as if it held a lock across the call",
            "release the lock, or the only permit, before you await the call",
        )
    } else if tasks.len() == all {
        (
            "task_awaited_at_once",
            "each call had its own task, but began only after the previous call had ended",
            way.next,
        )
    } else if all_made_first {
        (
            "future_treated_as_started",
            "all futures were made at the start, but each was polled only after the previous call had ended: the dots are futures that nobody polls",
            way.next,
        )
    } else {
        (
            "awaits_in_a_loop",
            "each call was made only after the previous one had ended",
            way.next,
        )
    };
    Fault::new(misconception)
        .happened(format!("{how}; the function took {took}"))
        .expected(expected)
        .next(next)
}
