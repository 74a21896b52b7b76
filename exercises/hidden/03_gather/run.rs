//! Runs the code under study, and says what kept it from its end.

use std::{panic, pin::pin, time::Duration};

use async_workbook::{
    clock::{Hold, timed},
    harness::{listed, ms},
    timeline::Recorder,
    verdict::{Fault, catch_panic},
};
use futures::future::LocalBoxFuture;
use tokio::{
    runtime::Handle,
    select,
    task::yield_now,
    time::{sleep, timeout},
};

use crate::{
    calls::on_other_threads,
    scenario::{MOST_OF_A_DAY, Scenario},
    woken::WhenWoken,
};

/// What was observed while the code under study ran to its end.
pub(crate) struct Run<T> {
    pub(crate) output: T,
    pub(crate) took: Duration,
    pub(crate) first: Glance,
    /// Whether one of the code's futures woke another, as a lock does when it is released.
    pub(crate) woke_itself: bool,
}

/// What is to be seen when the first calls are under way.
#[derive(Clone, Copy, Default)]
pub(crate) struct Glance {
    /// How many there are.
    pub(crate) in_flight: usize,
    /// How many tasks of the runtime are alive. Those of a `LocalSet` are none of the runtime's.
    pub(crate) tasks: usize,
}

/// Runs the code under study. What waits for ever, or panics, has a fault here if its cause can be told; otherwise it
/// waits, or panics, here too.
pub(crate) async fn run<T>(
    scenario: &Scenario,
    recorder: &Recorder,
    code: impl for<'a> Fn(&'a Scenario) -> LocalBoxFuture<'a, T>,
) -> Result<Run<T>, Fault> {
    match run_or_panic(scenario, recorder, code).await? {
        Ok(run) => Ok(run),
        Err(message) => Err(panicked(scenario, message)),
    }
}

/// The same, where a panic is one of the ways to end.
pub(crate) async fn run_or_panic<T>(
    scenario: &Scenario,
    recorder: &Recorder,
    code: impl for<'a> Fn(&'a Scenario) -> LocalBoxFuture<'a, T>,
) -> Result<Result<Run<T>, String>, Fault> {
    recorder.restart();
    let watched = timed(catch_panic(until_it_rests(scenario, code(scenario))));
    let (outcome, took) = watched.await;
    let outcome = match outcome {
        Ok(Ok(run)) => Ok(Run { took, ..run }),
        Ok(Err(Rest::Named(fault))) => return Err(fault),
        Ok(Err(Rest::Unknown)) => wait_for_ever(&scenario.again(), recorder, code).await,
        Err(message) => Err(message),
    };
    match on_other_threads(&scenario.calls()) {
        Some(fault) => Err(fault),
        None => Ok(outcome),
    }
}

/// Before any call ends.
const SOON: Duration = ms(1);

/// What keeps the code under study from its end.
enum Rest {
    Named(Fault),
    Unknown,
}

async fn until_it_rests<T>(
    scenario: &Scenario,
    code: LocalBoxFuture<'_, T>,
) -> Result<Run<T>, Rest> {
    let alive = || Handle::current().metrics().num_alive_tasks();
    let (others, mut first) = (alive(), Glance::default());
    let code = WhenWoken::new(code);
    let wakes = code.wakes();
    let mut code = pin!(code);
    let mut ended = None;
    for wait in [SOON, scenario.in_turn()] {
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
                in_flight: scenario.upstream.in_flight(),
                tasks: alive().saturating_sub(others),
            };
        }
    }
    if ended.is_none() {
        // All calls could have ended by now, even one after another.
        at_rest(scenario).await.map_err(Rest::Named)?;
        let before = ends(scenario);
        wakes.wake_for_no_reason();
        select! {
            biased;
            // It goes on, though nothing has happened since that it could have waited for.
            _ = &mut code => return Err(Rest::Named(pending_without_wakeup())),
            () = turns() => {}
        }
        if ends(scenario) != before {
            return Err(Rest::Named(pending_without_wakeup()));
        }
        ended = timeout(ms(MOST_OF_A_DAY), &mut code).await.ok();
    }
    let output = ended.ok_or(Rest::Unknown)?;
    Ok(Run {
        output,
        took: Duration::ZERO,
        first,
        woke_itself: wakes.woke_itself(),
    })
}

/// Waits until whatever is ready has run. A thread that was started for a call has had its chance to begin by then.
async fn at_rest(scenario: &Scenario) -> Result<(), Fault> {
    turns().await;
    let hold = Hold::new();
    let found = hold.until(|| on_other_threads(&scenario.calls()).is_some());
    found.await;
    hold.release().await;
    on_other_threads(&scenario.calls()).map_or(Ok(()), Err)
}

/// As many as a few tasks need that wake one another.
async fn turns() {
    for _ in 0..20 {
        yield_now().await;
    }
}

/// How many calls have ended.
fn ends(scenario: &Scenario) -> usize {
    let calls = scenario.calls();
    calls.iter().filter(|call| call.ended.is_some()).count()
}

/// Has the timeline show the code under study until nothing happens any more, and not the whole day.
async fn wait_for_ever<T, N>(
    scenario: &Scenario,
    recorder: &Recorder,
    code: impl for<'a> Fn(&'a Scenario) -> LocalBoxFuture<'a, T>,
) -> N {
    recorder.restart();
    let _again = timeout(scenario.in_turn(), catch_panic(code(scenario))).await;
    std::future::pending().await
}

fn pending_without_wakeup() -> Fault {
    Fault::new("pending_without_wakeup")
        .happened("calls that were under way had their answers, but nothing woke the task: it went on only because the test polled it once more")
        .expected("a future that returns `Pending` has seen to it that its waker is called when it can go on")
        .next("hand the `Context` that your own `poll` is given to every call, in place of `Waker::noop()` or `now_or_never`; or let `join_all` do the polling")
}

/// A panic whose words tell its cause is a fault; every other goes on as it was raised.
fn panicked(scenario: &Scenario, message: String) -> Fault {
    let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
    if let Some(path) = asked_in_vain(scenario, &message) {
        Fault::new("fetch_panicked")
            .happened(format!("`fetch` panicked, since there is no page `{path}`: {message}"))
            .expected(format!("the paths asked for are {}", listed(&scenario.paths)))
            .next("look at how you make the path, and hand `fetch` exactly the one that the task names")
    } else if says(&["was cancelled", "JoinError::Cancelled"]) {
        Fault::new("join_error_unwrapped")
            .happened(format!("a task was aborted before its call ended, and its `JoinError` was unwrapped: {message}"))
            .expected("every task runs to its end, and brings its page")
            .next("leave out `abort` and `abort_all`: a `JoinSet` is empty when `join_next` returns `None`, and needs no closing")
    } else if says(&[
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
        panic::resume_unwind(Box::new(message))
    }
}

/// The path that is named in a panic of `fetch`, and was not to be asked for.
fn asked_in_vain<'m>(scenario: &Scenario, message: &'m str) -> Option<&'m str> {
    let (_, rest) = message.split_once("GET ")?;
    let (path, _) = rest.split_once(" answered 404")?;
    (!scenario.paths.iter().any(|known| known == path)).then_some(path)
}
