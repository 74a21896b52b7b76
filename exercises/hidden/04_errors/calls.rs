//! Whether the calls were made together, ended when they should have, and left nothing running.

use std::{collections::HashSet, time::Duration};

use async_workbook::{
    clock::Readable,
    harness::{counted, listed},
    services::upstream::{Call, Outcome},
    verdict::{Fault, ensure},
};

use hidden_gather::watch::{none_restarted, on_other_threads};

use crate::{record::Record, results::results_missing, scenario::Scenario};

/// If nothing ended the calls early, every path was asked for.
pub(crate) fn all_made(scenario: &Scenario, record: &Record) -> Result<(), Fault> {
    let made: HashSet<_> = record.calls.iter().map(|call| call.path.as_str()).collect();
    let mut paths = scenario.paths.iter();
    match paths.find(|path| !made.contains(path.as_str())) {
        None => Ok(()),
        Some(path) => Err(results_missing(format!(
            "of {}, {} had a call, but {path} had none",
            counted(scenario.paths.len(), "path"),
            made.len()
        ))
        .expected("the function asks for every path, each time that it's called")
        .next("call `get` for every path, and keep no pages for the next call of the function")),
    }
}

/// Every path was asked for once, at the same time.
pub(crate) fn together(scenario: &Scenario, record: &Record) -> Result<(), Fault> {
    let all = scenario.paths.len();
    let calls = &record.calls;
    none_restarted(calls)?;
    ensure(calls.len() <= all, || {
        Fault::new("extra_call_made")
            .happened(format!(
                "the upstream got {} for {}",
                counted(calls.len(), "call"),
                counted(all, "path")
            ))
            .expected("each path is asked for once, whether it succeeds or fails")
            .next("keep the `Result` that `get` yields, rather than calling it again")
    })?;
    if let Some(fault) = on_other_threads(calls) {
        return Err(fault);
    }
    let at_once = calls
        .iter()
        .filter(|call| call.started == Some(record.began));
    ensure(at_once.count() == all, || not_together(scenario, record))
}

/// Why the calls didn't overlap, judged by when their futures were made, and which tasks they ran in.
pub(crate) fn not_together(scenario: &Scenario, record: &Record) -> Fault {
    let (all, calls) = (scenario.paths.len(), &record.calls);
    let expected = format!("all {all} calls begin at once, and wait at the same time");
    let at_most = scenario.upstream.high_water();
    // A call that waits for another begins at the instant at which that one ends.
    let ends: HashSet<_> = calls.iter().filter_map(|call| call.ended).collect();
    let late = calls.iter().find_map(|call| {
        let started = call.started.filter(|&started| started > record.began)?;
        (at_most == all || !ends.contains(&started)).then_some((&call.path, record.at(started)))
    });
    if (at_most > 1 || all == 1)
        && let Some((path, began)) = late
    {
        return Fault::new("needless_wait")
            .happened(format!(
                "the call for {path} began after {}, without waiting for another call",
                Readable(began)
            ))
            .expected(expected)
            .next("remove the `sleep`, or whatever else you await, before the call");
    }
    let made = match calls.len() {
        made if made == all => String::new(),
        made => format!(", and only {made} of them began at all"),
    };
    if at_most != 1 {
        return Fault::new("unrequested_concurrency_limit")
            .happened(format!(
                "at most {at_most} of the {all} calls were in flight together{made}"
            ))
            .expected(expected)
            .next("remove the limit: the `buffered`, the chunks, or a permit held across a call");
    }
    let tasks: HashSet<_> = calls.iter().filter_map(|call| call.task).collect();
    let created = scenario.upstream.calls();
    let all_made_first = created.len() == all
        && created
            .iter()
            .all(|call| Some(call.created) < calls[0].ended);
    const GATHER: &str = "make all futures first, then await them together, as in chapter 03";
    // All tasks exist, or one future woke the next: they hand on what they wait for, from one to another.
    let one_at_a_time =
        record.woke_itself || (record.first.in_flight == 1 && record.first.tasks >= all);
    let (misconception, how, next) = if one_at_a_time && all > 1 {
        (
            "lock_held_while_waiting",
            "all futures were polled, but each made its call only after the previous call had ended, as if it held a lock across the call",
            "release the lock, or the only permit, before you await the call",
        )
    } else if tasks.len() == calls.len() {
        (
            "task_awaited_at_once",
            "each call had its own task, but began only after the previous call had ended",
            "spawn every task before you await the first, as in chapter 03",
        )
    } else if all_made_first {
        (
            "future_treated_as_started",
            "all futures were made at the start, but each was polled only after the previous call had ended",
            GATHER,
        )
    } else {
        (
            "awaits_in_a_loop",
            "each call was made only after the previous one had ended",
            GATHER,
        )
    };
    Fault::new(misconception)
        .happened(format!(
            "{how}{made}; the function took {}",
            Readable(record.took)
        ))
        .expected(expected)
        .next(next)
}

/// No call was dropped or is still in flight: each ran to its end.
pub(crate) fn none_dropped(record: &Record) -> Result<(), Fault> {
    let ended = |call: &&Call| matches!(call.outcome, Some(Outcome::Answered | Outcome::Failed));
    let Some(cut) = record.calls.iter().find(|call| !ended(call)) else {
        return Ok(());
    };
    // A call that's still in flight, or was dropped with the function, was given up when the function returned.
    let given_up = match (cut.outcome, cut.ended) {
        (Some(_), Some(at)) => record.at(at),
        _ => record.took,
    };
    let how = match cut.outcome {
        Some(_) => format!("was dropped after {}", Readable(given_up)),
        None => format!(
            "was still in flight when the function returned, after {}",
            Readable(given_up)
        ),
    };
    let failures = record.calls.iter();
    let mut failures = failures.filter(|call| call.outcome == Some(Outcome::Failed));
    let by_a_failure = failures.find(|call| match (cut.outcome, call.ended) {
        (Some(_), Some(ended)) => record.at(ended) == given_up,
        (None, Some(ended)) => record.at(ended) <= given_up,
        _ => false,
    });
    Err(match by_a_failure {
        Some(failed) => Fault::new("results_dropped_at_first_error")
            .happened(format!("{} failed, and the call for {} {how}", failed.path, cut.path))
            .expected("every call runs to its end, whatever the others do")
            .next("replace the `?` or the `try_` function with `join_all`, to which an error is an output like any other"),
        None => Fault::new("call_dropped_early")
            .happened(format!("the call for {} {how}", cut.path))
            .expected("every call is awaited to its end, however long it takes")
            .next("await every future, or every task's handle, to its end: without a `timeout` or a `select!`"),
    })
}

pub(crate) fn not_later(record: &Record, due: Duration) -> Result<(), Fault> {
    ensure(record.took == due, || {
        Fault::new("needless_wait")
            .happened(format!(
                "the last call ended after {}, but the function returned after {}",
                Readable(due),
                Readable(record.took)
            ))
            .expected("the function returns as soon as the last call ends")
            .next("remove the `sleep`, or whatever else you await besides the results")
    })
}

/// A call decided everything at `due`, and the function returned later, with the result at `index`.
pub(crate) fn late(
    scenario: &Scenario,
    record: &Record,
    decided: &str,
    due: Duration,
    index: usize,
) -> Fault {
    let took = record.took;
    let (misconception, how, next) = if took == scenario.slowest() {
        (
            "needless_wait_for_all",
            ", when the slowest call had ended",
            "look at each result as soon as it arrives: `join_all`, or a loop that collects every result, ends only with the slowest call",
        )
    } else if scenario.latencies[..=index].iter().max() == Some(&took) {
        (
            "results_awaited_in_order",
            ", once the calls before it in the order of the paths had ended",
            "replace the loop over handles, the `buffered` or the `FuturesOrdered` with `FuturesUnordered` or a `JoinSet`, which give the results as they arrive",
        )
    } else {
        (
            "needless_wait",
            "",
            "remove the `sleep`, or whatever else you still await",
        )
    };
    Fault::new(misconception)
        .happened(format!(
            "{decided} after {}, but the function returned after {}{how}",
            Readable(due),
            Readable(took)
        ))
        .expected(format!(
            "it returns at that instant, after {}",
            Readable(due)
        ))
        .next(next)
}

/// Nothing went on after the function had returned.
pub(crate) fn none_left_running(record: &Record) -> Result<(), Fault> {
    let end = record.began + record.took;
    let left: Vec<&str> = record
        .calls
        .iter()
        .filter(|call| call.ended.is_none_or(|ended| ended > end))
        .map(|call| call.path.as_str())
        .collect();
    ensure(left.is_empty(), || {
        Fault::new("task_left_running")
            .happened(format!(
                "the function returned after {}, and these calls went on: {}",
                Readable(record.took),
                listed(&left)
            ))
            .expected("the function drops the calls that are still in flight when it returns")
            .next("keep the tasks in a `JoinSet`, which aborts them when it's dropped: dropping a `JoinHandle` only detaches its task")
    })?;
    ensure(record.tasks == 0, || {
        Fault::new("task_left_running")
            .happened(format!(
                "the function returned after {}, and left {} alive, though no call was in flight",
                Readable(record.took),
                counted(record.tasks, "task")
            ))
            .expected("when the function returns, whatever it spawned has ended or been aborted")
            .next("abort the task that still sleeps, loops or waits for a message")
    })
}
