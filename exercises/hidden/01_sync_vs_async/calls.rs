//! What the calls must do: each is made once and awaited to its end.

use std::collections::HashSet;

use async_workbook::{
    clock::Readable,
    harness::{counted, listed},
    services::upstream::Outcome,
    verdict::{Fault, ensure},
};

use crate::run::Run;

/// Every call was made, only once, and had ended when the function returned.
pub(crate) fn called<T>(run: &Run<T>, paths: &[&str]) -> Result<(), Fault> {
    let expected = paths.len();
    let calls = &run.calls;
    ensure(
        run.calls_later <= calls.len() || calls.len() >= expected,
        || {
            let began_later = run.calls_later - calls.len();
            returned_before(format!(
                "the function returned after {}, and {} began only after that",
                Readable(run.took),
                counted(began_later, "call")
            ))
        },
    )?;
    ensure(!calls.is_empty() || expected == 0, || {
        never_awaited(run.futures, expected)
    })?;
    let missing = calls.len() < expected;
    let mut seen = HashSet::new();
    let each_once = paths.iter().filter(|&path| seen.insert(path));
    let only_new = missing && calls.iter().map(|call| &call.path).eq(each_once);
    ensure(!only_new, || {
        Fault::new("duplicates_lost")
            .happened(format!(
                "the paths were {}, and the upstream got {}",
                listed(paths),
                counted(calls.len(), "call")
            ))
            .expected("every path is fetched, even if it's given twice")
            .next("call `fetch` for every path, even one that you've fetched before")
    })?;
    ensure(!missing, || {
        results_missing(format!(
            "the upstream got {} for {}",
            counted(calls.len(), "call"),
            counted(expected, "path")
        ))
    })?;
    for call in calls {
        match call.outcome {
            Some(Outcome::Answered | Outcome::Failed) => {}
            Some(Outcome::Dropped) => {
                return Err(Fault::new("call_dropped_early")
                    .happened(format!(
                        "the call for {} was dropped before its answer arrived",
                        call.path
                    ))
                    .expected("every call that starts is awaited to its end, however long it takes")
                    .next("`.await` the call itself, without a `timeout`, a `select!` or a single poll that drops it"));
            }
            None => {
                return Err(returned_before(format!(
                    "the function returned after {}, while the call for {} was still in flight",
                    Readable(run.took),
                    call.path
                )));
            }
        }
    }
    let strange = calls.iter().find(|call| !paths.contains(&&*call.path));
    ensure(strange.is_none(), || {
        let asked = strange.map_or("", |call| &call.path);
        Fault::new("data_altered")
            .happened(format!(
                "the upstream was asked for `{asked}`, a path that the function wasn't given"
            ))
            .expected(format!("it's asked for {}", listed(paths)))
            .next("pass each path to `fetch` unchanged")
    })?;
    ensure(run.calls_later <= expected, || {
        Fault::new("extra_call_made")
            .happened(format!(
                "the upstream got {}, but {expected} {} enough",
                counted(run.calls_later, "call"),
                if expected == 1 { "is" } else { "are" }
            ))
            .expected("the function makes one call for each page")
            .next("call `fetch` once for each path: keep the page that it yields, and don't retry after a failure")
    })?;
    ensure(run.tasks_left == 0, || {
        task_left_running(format!(
            "the function returned, and {} that it had spawned went on",
            counted(run.tasks_left, "task")
        ))
    })
}

pub(crate) fn task_left_running(happened: String) -> Fault {
    Fault::new("task_left_running")
        .happened(happened)
        .expected("nothing that the function started outlives its future")
        .next("remove the `spawn`, and await the call in the function itself")
}

/// Nothing was ever polled: not the futures that were made, and not an `async` block that would have made one.
fn never_awaited(futures: usize, expected: usize) -> Fault {
    let (how, next) = match futures {
        0 => (
            "none of the code that ran called `fetch`".to_owned(),
            "write `upstream.fetch(path).await`; if that's inside an `async` block, put `.await` after the block as well",
        ),
        1 => (
            "a future was made, then dropped without ever being polled".to_owned(),
            "put `.await` after the future: `upstream.fetch(path).await`",
        ),
        futures => (
            format!("{futures} futures were made, then dropped without ever being polled"),
            "put `.await` after each future: `upstream.fetch(path).await`",
        ),
    };
    Fault::new("future_never_awaited")
        .happened(format!("the upstream got no call: {how}"))
        .expected(format!("the upstream gets {}", counted(expected, "call")))
        .next(next)
}

fn returned_before(happened: String) -> Fault {
    Fault::new("returned_before_work_finished")
        .happened(happened)
        .expected("the function returns once it has its answer")
        .next("replace the `spawn` with `upstream.fetch(path).await`: a task's output reaches only the code that awaits its handle")
}

pub(crate) fn results_missing(happened: String) -> Fault {
    Fault::new("results_missing")
        .happened(happened)
        .expected("the function returns one body for each path")
        .next("loop over all of `paths`, and push the body of each page")
}
