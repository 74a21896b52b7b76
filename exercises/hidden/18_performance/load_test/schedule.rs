//! When each call is made: when it's due, or when a connection is free for it.

use std::{cmp::Reverse, collections::BinaryHeap, time::Duration};

use async_workbook::{
    clock::{Readable, distinct},
    harness::{counted, ms},
    services::server::{Outcome, ServerCall},
    verdict::{Fault, ensure},
};

use super::{Run, Scene};

pub(super) fn schedule_kept(scene: &Scene, run: &Run) -> Result<(), Fault> {
    let arrivals: Vec<Duration> = run
        .calls
        .iter()
        .map(|call| call.arrived - run.start)
        .collect();
    let requests = scene.requests as usize;
    ensure(arrivals.len() <= requests, || {
        Fault::new("extra_call_made")
            .happened(format!(
                "for {}, the function made {}",
                counted(requests, "request"),
                counted(arrivals.len(), "call")
            ))
            .expected("each request makes one call, and keeps the answer that it got, even if that's an error")
            .next("look for a retry, or for a call that only warms up")
    })?;
    never_too_many(scene)?;
    for (request, &arrived) in arrivals.iter().enumerate() {
        let due = scene.due(request);
        if arrived < due {
            return Err(early(request, arrived, due));
        }
    }
    let free = free_at(scene, run);
    let late = (0..arrivals.len()).find(|&request| {
        let could = scene.due(request).max(free[request]);
        // A timer rounds up to the next millisecond.
        arrivals[request] > whole_millis(could)
    });
    if let Some(request) = late {
        return Err(self::late(scene, run, &arrivals, request, free[request]));
    }
    ensure(arrivals.len() == requests, || {
        Fault::new("call_skipped")
            .happened(format!(
                "for {}, the function made {}",
                counted(requests, "request"),
                counted(arrivals.len(), "call")
            ))
            .expected("each request makes one call")
            .next("wait for all requests, and give none up because it's late or because another one failed")
    })?;
    let is_over =
        |call: &&ServerCall| matches!(call.outcome, Some(Outcome::Answered | Outcome::Failed));
    let abandoned = requests - run.calls.iter().filter(is_over).count();
    ensure(abandoned == 0, || {
        Fault::new("call_skipped")
            .happened(format!(
                "the function returned, and {} had no answer yet",
                counted(abandoned, "call")
            ))
            .expected("it returns when every request has its answer")
            .next("wait for all calls, however long they take")
    })
}

fn whole_millis(time: Duration) -> Duration {
    let millis = time.as_nanos().div_ceil(1_000_000);
    // A scene is far shorter than what this holds.
    ms(u64::try_from(millis).unwrap_or(u64::MAX))
}

fn end_of(call: &ServerCall, run: &Run) -> Duration {
    call.ended.map_or(run.took, |end| end - run.start)
}

fn never_too_many(scene: &Scene) -> Result<(), Fault> {
    let most = scene.server.high_water();
    ensure(most <= scene.connections, || {
        Fault::new("limit_not_enforced")
            .happened(format!(
                "{} were under way at once, over {}",
                counted(most, "call"),
                counted(scene.connections, "connection")
            ))
            .expected("a call needs a connection until it's answered; without one, it waits")
            .next("take a permit of a semaphore with `connections` permits before `server.call()`, and keep it until the answer is there")
    })
}

/// When a connection was free for each call, as the calls before it really ended.
fn free_at(scene: &Scene, run: &Run) -> Vec<Duration> {
    let mut busy = BinaryHeap::new();
    let free = run.calls.iter().map(|call| {
        let free = if busy.len() < scene.connections {
            Duration::ZERO
        } else {
            let Reverse(free) = busy.pop().expect("there's one connection at least");
            free
        };
        busy.push(Reverse(end_of(call, run)));
        free
    });
    free.collect()
}

fn early(request: usize, arrived: Duration, due: Duration) -> Fault {
    let [arrived, due] = distinct([arrived, due]);
    Fault::new("call_made_too_early")
        .happened(format!("request {request} was due at {due}, and its call was made at {arrived}"))
        .expected("requests come one after another, `every` apart, as those of many users do")
        .next("wait with `sleep_until(start + every * i)` before the call, inside the future that makes it")
}

fn late(scene: &Scene, run: &Run, arrivals: &[Duration], request: usize, free: Duration) -> Fault {
    let could = scene.due(request).max(free);
    let [due, began] = distinct([could, arrivals[request]]);
    let happened =
        format!("request {request} could begin at {due}, and its call was made at {began}");
    let ended = |call: usize| end_of(&run.calls[call], run);
    let begins_with = |moment: Duration| arrivals[request].abs_diff(moment) <= ms(1);
    let after_an_answer = request > 0
        && (0..request).any(|before| {
            let end = ended(before);
            begins_with(end) || begins_with(end + scene.every)
        });
    let oldest = request
        .checked_sub(scene.connections)
        .map(|oldest| (0..=oldest).map(ended).max().unwrap_or_default());
    let whole_chunk = request.is_multiple_of(scene.connections)
        && (0..request).map(ended).max().is_some_and(begins_with)
        && scene.connections > 1;
    let is_limited = scene.connections <= scene.requests as usize;
    if !scene.every.subsec_nanos().is_multiple_of(1_000_000)
        && arrivals[request] - could <= scene.every * request as u32
    {
        Fault::new("schedule_drifts")
            .happened(format!("{happened}: each request was a little later than the one before"))
            .expected("request `i` is due at `i * every` after the start, however late the timers before it were")
            .next("compute each due time from the start, `start + every * i`, and use `sleep_until` instead of `sleep`")
    } else if is_limited && scene.connections > 1 && divided_in_advance(scene, run, arrivals) {
        Fault::new("work_divided_in_advance")
            .happened(format!("{happened}: each connection had requests of its own, which waited for it while another one was free"))
            .expected("whichever connection is free first takes the next request")
            .next("use one semaphore with `connections` permits for all requests, or one queue that all workers take from")
    } else if !free.is_zero() && is_limited && whole_chunk {
        Fault::new("whole_chunk_awaited")
            .happened(format!(
                "{happened}: it waited until all calls of a group had ended"
            ))
            .expected("whichever call ends first leaves its connection to the next request")
            .next("use a semaphore with `connections` permits in place of the groups")
    } else if !free.is_zero() && oldest.is_some_and(begins_with) && scene.connections > 1 {
        Fault::new("results_awaited_in_order")
            .happened(format!("{happened}: a later request had left a connection free, and only the end of the oldest one counted"))
            .expected("whichever call ends first leaves its connection to the next request")
            .next("use a semaphore, or `buffer_unordered` in place of `buffered`")
    } else if is_limited && scene.server.high_water() < scene.connections
        || at_its_own_limit(run, arrivals, could)
    {
        Fault::new("limit_too_low")
            .happened(format!(
                "{happened}: no more than {} were under way, over {}",
                counted(scene.server.high_water(), "call"),
                counted(scene.connections, "connection")
            ))
            .expected("as many calls as there are connections may be under way")
            .next("make a semaphore with `connections.get()` permits, one for all requests")
    } else if free < scene.due(request) && after_an_answer {
        Fault::new("coordinated_omission")
            .happened(format!("{happened}, after an answer to an earlier request: while the server was slow, the load paused"))
            .expected("users don't wait for one another: each request is made when it's due")
            .next("make each request a future or task of its own, which sleeps until it's due, and wait for all of them together")
    } else {
        Fault::new("needless_wait")
            .happened(happened)
            .expected("a request begins when it's due and a connection is free")
            .next("use `sleep_until(start + every * i)`, then wait for a permit, then call")
    }
}

/// Whether the calls were made as if connection `k` of `n` had the requests `k`, `k + n`, `k + 2 * n` and so on.
fn divided_in_advance(scene: &Scene, run: &Run, arrivals: &[Duration]) -> bool {
    let connections = scene.connections.min(scene.requests as usize);
    // For each connection, when its next request begins, and which one that is.
    let mut next: BinaryHeap<_> = (0..connections)
        .map(|request| Reverse((scene.due(request), request)))
        .collect();
    (0..arrivals.len()).all(|call| {
        let Some(Reverse((begins, request))) = next.pop() else {
            return false;
        };
        let ends = begins + (end_of(&run.calls[call], run) - arrivals[call]);
        let following = request + connections;
        if following < scene.requests as usize {
            next.push(Reverse((scene.due(following).max(ends), following)));
        }
        arrivals[call] == begins
    })
}

/// Whether as many calls were under way at this time as there ever were, and more than one.
fn at_its_own_limit(run: &Run, arrivals: &[Duration], at: Duration) -> bool {
    let under_way_at = |at: Duration| {
        let calls = run.calls.iter().zip(arrivals);
        calls
            .filter(|&(call, &arrived)| arrived <= at && at < end_of(call, run))
            .count()
    };
    let most = arrivals.iter().map(|&arrived| under_way_at(arrived)).max();
    most.is_some_and(|most| most > 1 && under_way_at(at) == most)
}

/// For a sentence.
pub(super) fn said(time: Duration) -> String {
    Readable(time).to_string()
}
