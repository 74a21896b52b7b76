//! Whether the calls were made together, ended when they should, and left nothing behind.

use std::{collections::HashSet, time::Duration};

use async_workbook::{
    clock::Readable,
    harness::{counted, listed},
    services::upstream::{Call, Outcome},
    verdict::{Fault, ensure},
};

use hidden_gather::watch::{none_restarted, on_other_threads};

use crate::{record::Record, results::results_missing, scenario::Scenario};

/// Where nothing ends the calls early, every path was asked for.
pub(crate) fn all_made(scenario: &Scenario, record: &Record) -> Result<(), Fault> {
    let made: HashSet<_> = record.calls.iter().map(|call| call.path.as_str()).collect();
    let mut paths = scenario.paths.iter();
    match paths.find(|path| !made.contains(path.as_str())) {
        None => Ok(()),
        Some(path) => Err(results_missing(format!(
            "of {}, {} had a call; {path} had none",
            counted(scenario.paths.len(), "path"),
            made.len()
        ))
        .expected("every path is asked for, each time that the function is called")
        .next("make a call for each path: leave none out, and keep no pages for the next time")),
    }
}

/// Every path was asked for once, at the same time.
pub(crate) fn together(scenario: &Scenario, record: &Record) -> Result<(), Fault> {
    let all = scenario.paths.len();
    let calls = &record.calls;
    none_restarted(calls)?;
    ensure(calls.len() <= all, || {
        Fault::new("calls_too_many")
            .happened(format!(
                "the upstream got {} for {}",
                counted(calls.len(), "call"),
                counted(all, "path")
            ))
            .expected("each path is asked for once, whether it succeeds or fails")
            .next("keep what a call brought, in place of calling again")
    })?;
    if let Some(fault) = on_other_threads(calls) {
        return Err(fault);
    }
    let at_once = calls
        .iter()
        .filter(|call| call.started == Some(record.began));
    ensure(at_once.count() == all, || not_together(scenario, record))
}

/// Why the calls did not overlap, told from when their futures were made, and on which tasks they ran.
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
                "the call for {path} began after {}, and waited for no other",
                Readable(began)
            ))
            .expected(expected)
            .next("look for a sleep, or for an await that the calls do not need");
    }
    let made = match calls.len() {
        made if made == all => String::new(),
        made => format!(", and only {made} of them began at all"),
    };
    if at_most != 1 {
        return Fault::new("too_few_in_flight")
            .happened(format!(
                "at most {at_most} of the {all} calls were in flight together{made}"
            ))
            .expected(expected)
            .next("hand all of the futures over at once: no `buffered`, no chunks, and no permit that is held across a call");
    }
    let tasks: HashSet<_> = calls.iter().filter_map(|call| call.task).collect();
    let created = scenario.upstream.calls();
    let all_made_first = created.len() == all
        && created
            .iter()
            .all(|call| Some(call.created) < calls[0].ended);
    const GATHER: &str = "make all futures first, and await them together: chapter 03";
    // All tasks are there, or one future woke the next: what they wait for is handed from one to another.
    let one_at_a_time =
        record.woke_itself || (record.first.in_flight == 1 && record.first.tasks >= all);
    let (misconception, how, next) = if one_at_a_time && all > 1 {
        (
            "lock_held_while_waiting",
            "all futures were polled, but each made its call only after the one before had ended, as behind a lock that is held across the call",
            "release the lock, or the only permit, before you await the call: it is wanted for what is shared, not for waiting",
        )
    } else if tasks.len() == calls.len() {
        (
            "spawn_awaited_at_once",
            "each call had a task, but began only after the one before had ended",
            "spawn every task before you await the first: chapter 03",
        )
    } else if all_made_first {
        (
            "creating_starts_nothing",
            "all futures were made at the start, but each was polled only after the one before had ended",
            GATHER,
        )
    } else {
        (
            "awaits_in_a_loop",
            "each call was made only after the one before had ended",
            GATHER,
        )
    };
    Fault::new(misconception)
        .happened(format!("{how}{made}; it took {}", Readable(record.took)))
        .expected(expected)
        .next(next)
}

/// No call was dropped, or is under way: each went on to its end.
pub(crate) fn none_dropped(record: &Record) -> Result<(), Fault> {
    let ended = |call: &&Call| matches!(call.outcome, Some(Outcome::Answered | Outcome::Failed));
    let Some(cut) = record.calls.iter().find(|call| !ended(call)) else {
        return Ok(());
    };
    // A call that is under way yet, or was dropped with the function, was given up when the function returned.
    let given_up = match (cut.outcome, cut.ended) {
        (Some(_), Some(at)) => record.at(at),
        _ => record.took,
    };
    let how = match cut.outcome {
        Some(_) => format!("was dropped after {}", Readable(given_up)),
        None => format!(
            "was still under way when the function returned, after {}",
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
        Some(failed) => Fault::new("first_error_ends_all")
            .happened(format!("{} failed, and the call for {} {how}", failed.path, cut.path))
            .expected("every call goes on to its end, whatever the others do")
            .next("leave `?` and the `try_` functions aside: to `join_all`, an error is an output like any other"),
        None => Fault::new("calls_abandoned")
            .happened(format!("the call for {} {how}", cut.path))
            .expected("every call is awaited to its end, however long it takes")
            .next("look for a timeout, a `select!`, or a task whose handle nobody awaits"),
    })
}

pub(crate) fn not_later(record: &Record, due: Duration) -> Result<(), Fault> {
    ensure(record.took == due, || {
        Fault::new("needless_wait")
            .happened(format!(
                "the last call ended after {}, and the function returned after {}",
                Readable(due),
                Readable(record.took)
            ))
            .expected("the function returns as soon as the last call ends")
            .next("look for a sleep, or for an await that the results do not need")
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
            "waits_for_all",
            ", when the slowest call had ended",
            "`join_all`, and a loop that takes every result, end with the slowest call: look at each result as soon as it comes",
        )
    } else if scenario.latencies[..=index].iter().max() == Some(&took) {
        (
            "first_in_input_order",
            ", when the calls before it in the order of the paths had ended",
            "a loop over handles, `buffered` and `FuturesOrdered` look at the results in the order of the paths: `FuturesUnordered` and `JoinSet` give them as they come",
        )
    } else {
        (
            "needless_wait",
            "",
            "look for a sleep, or for an await that nothing needs any more",
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
        Fault::new("left_running")
            .happened(format!(
                "the function returned after {}, and these calls went on: {}",
                Readable(record.took),
                listed(&left)
            ))
            .expected("the calls that are under way when the function returns are dropped")
            .next("dropping a `JoinHandle` detaches its task: abort it, keep the tasks in a `JoinSet`, which aborts them when it is dropped, or use futures without tasks")
    })?;
    ensure(record.tasks == 0, || {
        Fault::new("left_running")
            .happened(format!(
                "the function returned after {}, and left {} alive, without a call under way",
                Readable(record.took),
                counted(record.tasks, "task")
            ))
            .expected("whatever the function spawns has ended when it returns, or is aborted")
            .next("look for a task that sleeps, loops, or waits for a message that never comes: abort it as well, or end its loop")
    })
}
