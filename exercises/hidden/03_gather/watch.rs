//! Watches code under study until it ends, or until nothing happens any more.

use std::{pin::pin, thread, time::Duration};

use async_workbook::{
    clock::Hold,
    harness::ms,
    probes::woken::WhenWoken,
    services::upstream::{Call, Outcome, Upstream},
    verdict::Fault,
};
use futures::future::LocalBoxFuture;
use tokio::{
    runtime::Handle,
    select,
    task::yield_now,
    time::{sleep, timeout},
};

/// Longer than any usual timeout, and shorter than the day that a hidden test may take.
pub const MOST_OF_A_DAY: u64 = 20 * 60 * 60 * 1000;

/// What was seen of code that ended.
pub struct Watched<T> {
    pub output: T,
    pub first: Glance,
    /// Whether one of the code's futures woke another, as a lock does when it is released.
    pub woke_itself: bool,
}

/// What can be seen once the first calls are in flight.
#[derive(Clone, Copy, Default)]
pub struct Glance {
    /// How many there are.
    pub in_flight: usize,
    /// How many tasks of the runtime are alive. It doesn't count those of a `LocalSet`.
    pub tasks: usize,
}

/// Before any call ends.
const SOON: Duration = ms(1);

/// What keeps the code under study from ending.
pub enum Rest {
    Named(Fault),
    Unknown,
}

/// Awaits the code under study. `in_turn` is how long its calls take one after another.
pub async fn until_it_rests<T>(
    upstream: &Upstream,
    in_turn: Duration,
    code: LocalBoxFuture<'_, T>,
) -> Result<Watched<T>, Rest> {
    let alive = || Handle::current().metrics().num_alive_tasks();
    let (others, mut first) = (alive(), Glance::default());
    let code = WhenWoken::new(code);
    let wakes = code.wakes();
    let mut code = pin!(code);
    let mut ended = None;
    for wait in [SOON, in_turn] {
        select! {
            biased;
            output = &mut code => ended = Some(output),
            () = sleep(wait) => {}
        }
        if ended.is_some() {
            break;
        }
        if wait == SOON {
            first = Glance {
                in_flight: upstream.in_flight(),
                tasks: alive().saturating_sub(others),
            };
        }
    }
    if ended.is_none() {
        // All calls could have ended by now, even one after another.
        at_rest(upstream).await.map_err(Rest::Named)?;
        let before = ends(upstream);
        wakes.wake_for_no_reason();
        select! {
            biased;
            // It goes on, though nothing has happened since that it could have waited for.
            _ = &mut code => return Err(Rest::Named(pending_without_wakeup())),
            () = turns() => {}
        }
        if ends(upstream) != before {
            return Err(Rest::Named(pending_without_wakeup()));
        }
        ended = timeout(ms(MOST_OF_A_DAY), &mut code).await.ok();
    }
    let output = ended.ok_or(Rest::Unknown)?;
    Ok(Watched {
        output,
        first,
        woke_itself: wakes.woke_itself(),
    })
}

/// Waits until whatever is ready has run. A thread that was started for a call has had its chance to begin by then.
async fn at_rest(upstream: &Upstream) -> Result<(), Fault> {
    turns().await;
    let hold = Hold::new();
    let found = hold.until(|| on_other_threads(&begun(upstream)).is_some());
    found.await;
    hold.release().await;
    on_other_threads(&begun(upstream)).map_or(Ok(()), Err)
}

/// As many as a few tasks need to wake one another.
async fn turns() {
    for _ in 0..20 {
        yield_now().await;
    }
}

/// How many calls have ended.
fn ends(upstream: &Upstream) -> usize {
    let calls = upstream.calls();
    calls.iter().filter(|call| call.ended.is_some()).count()
}

/// The calls that were really made: a future that nobody polled isn't a call.
pub fn begun(upstream: &Upstream) -> Vec<Call> {
    let calls = upstream.calls().into_iter();
    calls.filter(|call| call.started.is_some()).collect()
}

fn pending_without_wakeup() -> Fault {
    Fault::new("pending_without_wakeup")
        .happened("the answers to its calls had arrived, but nothing woke the task: it went on only when the test polled it again")
        .expected("a future that returns `Pending` has arranged for its waker to be called when it can go on")
        .next("let `join_all` do the polling, or in your own `poll`, pass its `Context` to every future that you poll, not `Waker::noop()`")
}

/// The fault that caused a panic, if its message tells.
pub fn known_panic(message: &str) -> Option<Fault> {
    let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
    let fault = if says(&[
        "after completion",
        "after it returned",
        "polled after",
        "after value taken",
    ]) {
        Fault::new("polled_after_completion")
            .happened(format!("a future that had already given its output was polled again, and panicked: {message}"))
            .expected("a future is polled until it's ready, and never again")
            .next("stop polling each future once it's done: with an `if` on its branch of the `select!`, or with `join!`, which does that for you")
    } else if says(&[
        "from within a runtime",
        "Cannot drop a runtime",
        "can call blocking only",
    ]) {
        Fault::new("blocking_call_in_async_code")
            .happened(format!("the function tried to block the runtime's thread, and the runtime panicked: {message}"))
            .expected("the function gives the thread back while it waits")
            .next("replace `block_on` with `.await`")
    } else if says(&["Elapsed("]) {
        Fault::new("call_dropped_early")
            .happened(format!(
                "a timeout ran out, and the function panicked: {message}"
            ))
            .expected("every call that starts is awaited to its end, however long it takes")
            .next("remove the `timeout`: the caller decides how long to wait")
    } else {
        return None;
    };
    Some(fault)
}

/// No call was dropped when another ended, and then made again.
pub fn none_restarted(calls: &[Call]) -> Result<(), Fault> {
    let restarted = calls.iter().enumerate().find(|&(index, dropped)| {
        let mut later = calls[index + 1..].iter();
        dropped.outcome == Some(Outcome::Dropped)
            && later.any(|call| call.path == dropped.path && Some(call.created) == dropped.ended)
    });
    let Some((_, restarted)) = restarted else {
        return Ok(());
    };
    let winner = calls
        .iter()
        .find(|call| call.outcome != Some(Outcome::Dropped) && call.ended == restarted.ended);
    let when = winner.map_or(String::new(), |winner| {
        format!(" when {} ended", winner.path)
    });
    Err(Fault::new("call_restarted")
        .happened(format!(
            "the call for {} was dropped{when}, then made again: it waits from the beginning",
            restarted.path
        ))
        .expected("each call is made once, and polled until it ends")
        .next("make and pin the futures before the loop, and pass `select!` or `select_all` a `&mut` of each"))
}

/// The fault of a call that was polled on a thread other than that of the hidden tests and their runtime.
pub fn on_other_threads(calls: &[Call]) -> Option<Fault> {
    let here = Some(thread::current().id());
    let call = calls.iter().find(|call| call.thread != here)?;
    Some(Fault::new("blocking_call_in_async_code")
        .happened(format!(
            "the call for {} ran on a thread other than the runtime's",
            call.path
        ))
        .expected("the runtime that runs the function does all of the waiting, on its one thread")
        .next("remove the threads, the second runtime or the `block_on`: calls that you join, or spawn as tasks, overlap on one thread"))
}
