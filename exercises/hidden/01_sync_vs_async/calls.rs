//! What is asked of the calls: each is made once, and awaited to its end.

use std::collections::HashSet;

use async_workbook::{
    clock::Readable,
    harness::{counted, listed},
    services::upstream::Outcome,
    verdict::{Fault, ensure},
};

use crate::run::Run;

/// Each of the calls was made, was made once, and had come to its end when the function returned.
pub(crate) fn called<T>(run: &Run<T>, paths: &[&str]) -> Result<(), Fault> {
    let expected = paths.len();
    let calls = &run.calls;
    ensure(
        run.calls_later <= calls.len() || calls.len() >= expected,
        || {
            let began_later = run.calls_later - calls.len();
            returned_before(format!(
                "the function returned after {}, and {} began only then",
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
                "for {} there came {}",
                listed(paths),
                counted(calls.len(), "call")
            ))
            .expected("each path is fetched, also where two of them are the same")
            .next("ask for each path as it comes, whether or not you have seen it before")
    })?;
    ensure(!missing, || {
        bodies_missing(format!(
            "the upstream got {} for {}",
            counted(calls.len(), "call"),
            counted(expected, "path")
        ))
    })?;
    for call in calls {
        match call.outcome {
            Some(Outcome::Answered | Outcome::Failed) => {}
            Some(Outcome::Dropped) => {
                return Err(Fault::new("calls_abandoned")
                    .happened(format!(
                        "the call for {} was dropped before it had its answer",
                        call.path
                    ))
                    .expected("every call that was begun is awaited to its end, however long it takes")
                    .next("look for a timeout, a `select!`, or a future that is polled once and then dropped"));
            }
            None => {
                return Err(returned_before(format!(
                    "the function returned after {}, while the call for {} was under way",
                    Readable(run.took),
                    call.path
                )));
            }
        }
    }
    let strange = calls.iter().find(|call| !paths.contains(&&*call.path));
    ensure(strange.is_none(), || {
        let asked = strange.map_or("", |call| &call.path);
        Fault::new("wrong_body")
            .happened(format!(
                "the upstream was asked for `{asked}`, and that is not what the function was given"
            ))
            .expected(format!("it is asked for {}", listed(paths)))
            .next("hand the path to `fetch` as it came")
    })?;
    ensure(run.calls_later <= expected, || {
        Fault::new("calls_too_many")
            .happened(format!(
                "the upstream got {} where {expected} {} enough",
                counted(run.calls_later, "call"),
                if expected == 1 { "is" } else { "are" }
            ))
            .expected("there is one call for each page")
            .next("keep the page that a call brought, and do not ask again after a failure")
    })?;
    ensure(run.tasks_left == 0, || {
        left_running(format!(
            "the function had returned, and {} of its own went on",
            counted(run.tasks_left, "task")
        ))
    })
}

pub(crate) fn left_running(happened: String) -> Fault {
    Fault::new("left_running")
        .happened(happened)
        .expected("when the function is over, nothing that it started goes on")
        .next("leave out the `spawn`, or end the task and await its handle before you return")
}

/// Nothing was ever polled: neither the futures that were made, nor a block in which one would have been.
fn never_awaited(futures: usize, expected: usize) -> Fault {
    let (how, next) = match futures {
        0 => (
            "nothing that runs makes a future for one".to_owned(),
            "make the future with `upstream.fetch(path)`, and put `.await` behind it; where it stands in an `async` block, put `.await` behind the block, too",
        ),
        1 => (
            "a future was made and dropped, and nobody ever polled it".to_owned(),
            "put `.await` behind the future: `upstream.fetch(path).await`",
        ),
        futures => (
            format!("{futures} futures were made and dropped, and nobody ever polled them"),
            "put `.await` behind each of the futures: `upstream.fetch(path).await`",
        ),
    };
    Fault::new("future_never_awaited")
        .happened(format!("the upstream got no call: {how}"))
        .expected(format!("the upstream gets {}", counted(expected, "call")))
        .next(next)
}

fn returned_before(happened: String) -> Fault {
    Fault::new("returned_before_the_answer")
        .happened(happened)
        .expected("the function returns when it has its answer")
        .next("a spawned task goes on by itself, and its output comes only to whoever awaits its handle: await it, or better the call itself")
}

pub(crate) fn bodies_missing(happened: String) -> Fault {
    Fault::new("bodies_missing")
        .happened(happened)
        .expected("there is one body for each path")
        .next("go through all of the paths, and keep the body of each page")
}
