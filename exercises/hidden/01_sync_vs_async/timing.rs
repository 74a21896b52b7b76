//! What the times must show: the runtime does the waiting, and waits no longer than the calls need.

use std::{thread, time::Duration};

use async_workbook::{
    clock::Readable,
    harness::counted,
    services::upstream::Call,
    verdict::{Fault, ensure},
};
use tokio::time::Instant;

use crate::{
    calls::called,
    run::{Run, needless_thread},
    scenario::Scenario,
};

/// The runtime's clock did the waiting. On that clock, no function takes less time than a call that it awaits.
pub(crate) fn waited_on_the_runtime<T>(run: &Run<T>) -> Result<(), Fault> {
    let here = Some(thread::current().id());
    let elsewhere = run.calls.iter().find(|call| call.thread != here);
    elsewhere.map_or(Ok(()), |call| {
        Err(needless_thread(format!(
            "the call for {} was made on a different thread from the one that polls the function",
            call.path
        )))
    })?;
    let longest = run.calls.iter().map(length).max().unwrap_or_default();
    ensure(run.took >= longest, || {
        needless_thread(format!(
            "a call took {}, but only {} passed on the runtime's clock: another thread blocked for it",
            Readable(longest),
            Readable(run.took)
        ))
    })
}

pub(crate) fn length(call: &Call) -> Duration {
    let ended = call.ended.or(call.started);
    ended
        .zip(call.started)
        .map_or(Duration::ZERO, |(ended, started)| {
            ended.duration_since(started)
        })
}

/// Each call was polled as soon as its page arrived: it took no longer than the service did.
pub(crate) fn taken_at_once<T>(run: &Run<T>, scenario: &Scenario) -> Result<(), Fault> {
    let (took, latency) = (
        run.calls.iter().map(length).sum(),
        scenario.upstream.total_latency(),
    );
    ensure(took <= latency, || {
        needless_wait(format!(
            "the service needed {} in all to answer, but the calls took {}: a page had arrived, and nobody polled its future",
            Readable(latency),
            Readable(took)
        ))
    })
}

/// One call came after the other, the first as soon as the function began, and nothing else took time.
pub(crate) fn no_time_was_lost<T>(run: &Run<T>, scenario: &Scenario) -> Result<(), Fault> {
    taken_at_once(run, scenario)?;
    let mut free = run.began;
    for call in &run.calls {
        asked_for_at_once(call, free)?;
        free = call.ended.unwrap_or(free);
    }
    let after = (run.began + run.took).duration_since(free);
    ensure(after.is_zero(), || {
        needless_wait(format!(
            "the function returned {} after the last page had arrived",
            Readable(after)
        ))
    })
}

/// The call began when it could, which was at `free`.
pub(crate) fn asked_for_at_once(call: &Call, free: Instant) -> Result<(), Fault> {
    let started = call.started.unwrap_or(free);
    let late = started.duration_since(free);
    // Made earlier and polled later: the code expected it to run by itself.
    ensure(late.is_zero() || call.created == started, || {
        Fault::new("future_treated_as_started")
            .happened(format!(
                "the future for {} was made, but first polled {} later: the dots are a future that nobody polls",
                call.path,
                Readable(started.duration_since(call.created))
            ))
            .expected("each call is awaited as soon as it may begin, since awaiting it is what starts it")
            .next("remove whatever you await between making the future and awaiting it")
    })?;
    ensure(late.is_zero(), || {
        needless_wait(format!(
            "{} was asked for {} late",
            call.path,
            Readable(late)
        ))
    })
}

pub(crate) fn needless_wait(happened: String) -> Fault {
    Fault::new("needless_wait")
        .happened(happened)
        .expected("the function asks for each page at once, and goes on as soon as it arrives")
        .next("remove the `sleep`, or whatever else you wait for besides the page")
}

/// The calls of futures that were awaited together waited at the same time.
pub(crate) fn waited_together<T>(
    run: &Run<T>,
    scenario: &Scenario,
    paths: &[&str],
) -> Result<(), Fault> {
    called(run, paths)?;
    waited_on_the_runtime(run)?;
    let slower = run.calls.iter().map(length).max().unwrap_or_default();
    ensure(scenario.upstream.high_water() == paths.len(), || {
        Fault::new("lock_held_while_waiting")
            .happened(format!(
                "{} were joined, but at most {} waited at a time; they took {}",
                counted(paths.len(), "call"),
                scenario.upstream.high_water(),
                Readable(run.took)
            ))
            .expected(format!(
                "all of them wait at the same time, and they take {}, as long as the slowest",
                Readable(slower)
            ))
            .next("release the lock or the permit before you `.await` the call")
    })?;
    taken_at_once(run, scenario)?;
    for call in &run.calls {
        asked_for_at_once(call, run.began)?;
    }
    ensure(run.took == slower, || {
        needless_wait(format!(
            "all pages had arrived after {}, but the joined calls took {}",
            Readable(slower),
            Readable(run.took)
        ))
    })
}
