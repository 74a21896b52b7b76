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

/// Longer than any customary timeout, and shorter than the day that a hidden test may take.
pub const MOST_OF_A_DAY: u64 = 20 * 60 * 60 * 1000;

/// What came of code that ended.
pub struct Watched<T> {
    pub output: T,
    pub first: Glance,
    /// Whether one of the code's futures woke another, as a lock does when it is released.
    pub woke_itself: bool,
}

/// What is to be seen when the first calls are under way.
#[derive(Clone, Copy, Default)]
pub struct Glance {
    /// How many there are.
    pub in_flight: usize,
    /// How many tasks of the runtime are alive. Those of a `LocalSet` are none of the runtime's.
    pub tasks: usize,
}

/// Before any call ends.
const SOON: Duration = ms(1);

/// What keeps the code under study from its end.
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

/// As many as a few tasks need that wake one another.
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

/// The calls that were really made: a future that nobody polled is none.
pub fn begun(upstream: &Upstream) -> Vec<Call> {
    let calls = upstream.calls().into_iter();
    calls.filter(|call| call.started.is_some()).collect()
}

fn pending_without_wakeup() -> Fault {
    Fault::new("pending_without_wakeup")
        .happened("calls that were under way had their answers, but nothing woke the task: it went on only because the test polled it once more")
        .expected("a future that returns `Pending` has seen to it that its waker is called when it can go on")
        .next("hand the `Context` that your own `poll` is given to every call, in place of `Waker::noop()` or `now_or_never`; or let `join_all` do the polling")
}

/// The fault behind a panic, if its words tell.
pub fn known_panic(message: &str) -> Option<Fault> {
    let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
    let fault = if says(&[
        "after completion",
        "after it returned",
        "polled after",
        "after value taken",
    ]) {
        Fault::new("polled_after_completion")
            .happened(format!("a future that had given its output was polled once more, and panicked: {message}"))
            .expected("a future is polled until it is ready, and never again")
            .next("keep each output beside its future, and pass over those that are done: with `if` before a branch of `select!`, or leave it all to `join!`")
    } else if says(&[
        "from within a runtime",
        "Cannot drop a runtime",
        "can call blocking only",
    ]) {
        Fault::new("threads_block_the_runtime")
            .happened(format!("the function wanted to block the runtime's thread, and the runtime panicked: {message}"))
            .expected("the function gives the thread back while it waits")
            .next("`.await` the future, in place of `block_on`")
    } else if says(&["Elapsed("]) {
        Fault::new("calls_abandoned")
            .happened(format!(
                "a timeout ran out, and the function panicked: {message}"
            ))
            .expected("every call that was begun is awaited to its end, however long it takes")
            .next("take the `timeout` away: how long to wait is for the caller to decide")
    } else {
        return None;
    };
    Some(fault)
}

/// No call was dropped for another call's sake, and made anew.
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
        format!(" when {} had ended", winner.path)
    });
    Err(Fault::new("call_restarted")
        .happened(format!(
            "the call for {} was dropped{when}, and made anew: it waits from the beginning",
            restarted.path
        ))
        .expected("each call is made once, and polled until it ends")
        .next("make the futures before the loop, and hand `select!` or `select_all` a `&mut` of each, pinned with `tokio::pin!` or `Box::pin`; or gather them without a loop"))
}

/// The fault of a call that another thread polled than the one that runs the hidden tests, and their runtime.
pub fn on_other_threads(calls: &[Call]) -> Option<Fault> {
    let here = Some(thread::current().id());
    let call = calls.iter().find(|call| call.thread != here)?;
    Some(Fault::new("threads_block_the_runtime")
        .happened(format!(
            "the call for {} ran on a thread of its own, beside that of the runtime",
            call.path
        ))
        .expected("the runtime that awaits the function does all of the waiting, on its one thread")
        .next("use no threads, no second runtime and no `block_on`: calls that are joined, or spawned as tasks, overlap by themselves"))
}
