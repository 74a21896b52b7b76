//! What every task demands: each page is fetched once, awaited to its end, and passed on unchanged.

use std::time::Duration;

use async_workbook::{
    clock::Readable,
    harness::{counted, listed},
    services::upstream::{Call, Outcome},
    verdict::{Fault, catch_panic, ensure, mark_in},
};
use futures::future::join_all;
use tokio::time::{Instant, sleep, timeout};

use crate::{
    calls::{called, task_left_running},
    run::{LATER, Run, run, tasks_left, watched},
    scenario::Scenario,
    timing::{no_time_was_lost, waited_on_the_runtime, waited_together},
    woken::when_woken,
};

/// One call, awaited at once, whose body is what the function returned.
pub(crate) fn one_call(run: &Run<String>, scenario: &Scenario, path: &str) -> Result<(), Fault> {
    none_was_kept(run, scenario)?;
    called(run, &[path])?;
    waited_on_the_runtime(run)?;
    no_time_was_lost(run, scenario)?;
    same_body(path, &run.output, &scenario.body_of(path))
}

/// The bodies that the function returned.
pub(crate) trait Bodies {
    fn bodies(&self) -> &[String];
}

impl Bodies for String {
    fn bodies(&self) -> &[String] {
        std::slice::from_ref(self)
    }
}

impl Bodies for Vec<String> {
    fn bodies(&self) -> &[String] {
        self
    }
}

/// No body was kept from an earlier scenario.
pub(crate) fn none_was_kept(run: &Run<impl Bodies>, scenario: &Scenario) -> Result<(), Fault> {
    let mut bodies = run.output.bodies().iter();
    let kept = bodies.find(|body| scenario.is_of_an_earlier_one(body));
    kept.map_or(Ok(()), |kept| {
        Err(unrequested_cache(format!(
            "the function returned `{kept}`, the body of a page from an earlier call: the service has a new page by now"
        )))
    })
}

fn unrequested_cache(happened: String) -> Fault {
    Fault::new("unrequested_cache")
        .happened(happened)
        .expected("every call fetches its page again: nothing says how long a page stays valid")
        .next("remove the `static` or `thread_local!` that keeps pages between calls")
}

/// Two calls of the code under study, one after the other, for the same paths.
pub(crate) async fn fetches_again<T: Bodies>(
    scenario: &Scenario,
    paths: &[&str],
    [first, second]: [impl Future<Output = T>; 2],
) -> Result<(), Fault> {
    let first = run(scenario, first).await?;
    none_was_kept(&first, scenario)?;
    called(&first, paths)?;
    let second = run(scenario, second).await?;
    let again = second.calls_later - first.calls_later;
    ensure(again >= paths.len(), || {
        unrequested_cache(format!(
            "the function was called a second time for {}, and made {} for {}",
            listed(paths),
            counted(again, "call"),
            counted(paths.len(), "path")
        ))
    })?;
    called(&second, &paths.repeat(2))
}

pub(crate) fn same_body(path: &str, found: &str, expected: &str) -> Result<(), Fault> {
    ensure(found == expected, || {
        Fault::new("data_altered")
            .happened(format!("for {path}, the function returned `{found}`"))
            .expected(format!(
                "it returns the body of that page, unchanged: `{expected}`"
            ))
            .next("return the page's `body` field unchanged")
    })
}

/// Finds code that hides a failure, or that asks again after one.
pub(crate) async fn shows_a_failure<T: Bodies>(
    scenario: &Scenario,
    paths: &[&str],
    code: impl Future<Output = T>,
) -> Result<(), Fault> {
    match catch_panic(run(scenario, code)).await {
        Err(_the_failure) => Ok(()),
        Ok(run) => {
            let run = run?;
            none_was_kept(&run, scenario)?;
            // Code that stops at the failure makes no more calls.
            let asked = run.calls.len().clamp(1, paths.len());
            called(&run, &paths[..asked])?;
            Err(Fault::new("error_swallowed")
                .happened(
                    "the service answered 503, and the function returned as if a page had arrived",
                )
                .expected("the function panics, as `fetch` does: there's no body to return")
                .next("call `fetch`, or `unwrap` the result of `get`"))
        }
    }
}

/// Joins the calls for these paths, and checks what the tasks promise of joined calls.
pub(crate) async fn all_wait_together(
    scenario: &Scenario,
    paths: &[&str],
    calls: impl IntoIterator<Item: Future<Output = String>>,
) -> Result<(), Fault> {
    let calls = calls.into_iter().map(when_woken);
    let run = run(scenario, join_all(calls)).await?;
    none_was_kept(&run, scenario)?;
    waited_together(&run, scenario, paths)?;
    for (path, body) in std::iter::zip(paths, &run.output) {
        same_body(path, body, &scenario.body_of(path))?;
    }
    Ok(())
}

/// Awaits the code under study for a while, drops it, and checks that everything ends there.
pub(crate) async fn ends_when_dropped<T>(
    scenario: &Scenario,
    after: Duration,
    code: impl Future<Output = T>,
) -> Result<(), Fault> {
    mark_in(after, "dropped by its caller");
    if watched(scenario, timeout(after, code)).await?.is_ok() {
        // Other tests name the fault of code that returns this early.
        return Ok(());
    }
    let dropped = Instant::now();
    let tasks_left = tasks_left().await;
    sleep(LATER).await;
    let goes_on = |call: &Call| match call.ended {
        Some(ended) if ended == dropped => call.outcome != Some(Outcome::Dropped),
        ended => ended.is_none_or(|ended| ended > dropped),
    };
    let calls = scenario.calls();
    let call = calls.iter().find(|call| goes_on(call));
    call.map_or(Ok(()), |call| {
        Err(cancelled_call_kept_running(call, after, dropped))
    })?;
    ensure(tasks_left == 0, || {
        task_left_running(format!(
            "the future was dropped after {}, and {} that it had spawned went on",
            Readable(after),
            counted(tasks_left, "task")
        ))
    })
}

fn cancelled_call_kept_running(call: &Call, after: Duration, dropped: Instant) -> Fault {
    let how = match (call.started, call.ended) {
        (Some(started), _) if started > dropped => "began after that".to_owned(),
        (_, Some(ended)) => format!("went on for {}", Readable(ended - dropped)),
        (_, None) => "never ended".to_owned(),
    };
    Fault::new("cancelled_call_kept_running")
        .happened(format!(
            "the future was dropped after {}, but its call for {} {how}",
            Readable(after),
            call.path
        ))
        .expected("dropping the future ends its call: nobody wants the page any more")
        .next("await `upstream.fetch(path)` in the function itself, not in a task: dropping a `JoinHandle` doesn't stop its task")
}
