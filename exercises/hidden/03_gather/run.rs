//! Runs the code under study, and says what kept it from ending.

use std::{panic, time::Duration};

use async_workbook::{
    clock::timed,
    harness::listed,
    timeline::Recorder,
    verdict::{Fault, catch_panic},
};
use futures::future::LocalBoxFuture;
use tokio::time::timeout;

use crate::{
    scenario::Scenario,
    watch::{Glance, Rest, Watched, known_panic, on_other_threads, until_it_rests},
};

/// What was observed while the code under study ran to its end.
pub(crate) struct Run<T> {
    pub(crate) output: T,
    pub(crate) took: Duration,
    pub(crate) first: Glance,
    pub(crate) woke_itself: bool,
}

/// Runs the code under study. If it waits for ever or panics, and the cause can be told, that's a fault. Otherwise it
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

/// The same, but a panic is one of the ways to end.
pub(crate) async fn run_or_panic<T>(
    scenario: &Scenario,
    recorder: &Recorder,
    code: impl for<'a> Fn(&'a Scenario) -> LocalBoxFuture<'a, T>,
) -> Result<Result<Run<T>, String>, Fault> {
    recorder.restart();
    let watched = timed(catch_panic(until_it_rests(
        &scenario.upstream,
        scenario.in_turn(),
        code(scenario),
    )));
    let (outcome, took) = watched.await;
    let outcome = match outcome {
        Ok(Ok(Watched {
            output,
            first,
            woke_itself,
        })) => Ok(Run {
            output,
            took,
            first,
            woke_itself,
        }),
        Ok(Err(Rest::Named(fault))) => return Err(fault),
        Ok(Err(Rest::Unknown)) => wait_for_ever(&scenario.again(), recorder, code).await,
        Err(message) => Err(message),
    };
    match on_other_threads(&scenario.calls()) {
        Some(fault) => Err(fault),
        None => Ok(outcome),
    }
}

/// Lets the timeline show the code under study until nothing happens any more, rather than the whole day.
async fn wait_for_ever<T, N>(
    scenario: &Scenario,
    recorder: &Recorder,
    code: impl for<'a> Fn(&'a Scenario) -> LocalBoxFuture<'a, T>,
) -> N {
    recorder.restart();
    let _again = timeout(scenario.in_turn(), catch_panic(code(scenario))).await;
    std::future::pending().await
}

/// A panic is a fault if its message tells the cause. Any other goes on as it was raised.
fn panicked(scenario: &Scenario, message: String) -> Fault {
    let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
    if let Some(path) = asked_in_vain(scenario, &message) {
        Fault::new("wrong_path_fetched")
            .happened(format!(
                "`fetch` panicked because there's no page `{path}`: {message}"
            ))
            .expected(format!("the function asks for {}", listed(&scenario.paths)))
            .next("pass `fetch` exactly the path that the task names")
    } else if says(&["was cancelled", "JoinError::Cancelled"]) {
        Fault::new("join_error_unwrapped")
            .happened(format!("a task was aborted before its call ended, and its `JoinError` was unwrapped: {message}"))
            .expected("every task runs to its end, and yields its page")
            .next("remove `abort` and `abort_all`: once `join_next` returns `None`, the `JoinSet` is empty and needs no closing")
    } else if let Some(fault) = known_panic(&message) {
        fault
    } else {
        panic::resume_unwind(Box::new(message))
    }
}

/// The path that a panic of `fetch` names, if the function should never have asked for it.
fn asked_in_vain<'m>(scenario: &Scenario, message: &'m str) -> Option<&'m str> {
    let (_, rest) = message.split_once("GET ")?;
    let (path, _) = rest.split_once(" answered 404")?;
    (!scenario.paths.iter().any(|known| known == path)).then_some(path)
}
