//! What every task asks for: each page is asked for once, awaited to its end, and handed on as it is.

use std::collections::HashSet;

use async_workbook::{
    clock::Readable,
    harness::{counted, listed},
    services::upstream::{Call, Outcome, Upstream},
    verdict::{Fault, catch_panic, ensure},
};
use futures::future::join_all;
use tokio::time::Instant;

use crate::{
    run::{Run, length, run},
    scenario::body_of,
};

/// One call, awaited at once, whose body is what came.
pub(crate) fn one_call(
    run: &Run<String>,
    upstream: &Upstream,
    path: &str,
    number: usize,
) -> Result<(), Fault> {
    none_was_kept(run, number)?;
    called(run, &[path])?;
    waited_on_the_runtime(run)?;
    no_time_was_lost(run, upstream)?;
    same_body(path, &run.output, &body_of(path, number))
}

/// Whoever asked for the pages of the scenario before this one, and asks for none here, has kept something.
pub(crate) fn none_was_kept<T>(run: &Run<T>, number: usize) -> Result<(), Fault> {
    ensure(number == 0 || run.futures > 0, || {
        Fault::new("duplicates_lost")
            .happened("the upstream got no call, though it got one when the function was called before: what came now was kept from then, or made up")
            .expected("each time that a page is wanted, it is fetched")
            .next("keep nothing from one call of the function to the next")
    })
}

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
        Fault::new("left_running")
            .happened(format!(
                "the function had returned, and two hours later {} of its own went on",
                counted(run.tasks_left, "task")
            ))
            .expected("when the function returns, nothing that it started goes on")
            .next("leave out the `spawn`, or end the task and await its handle before you return")
    })
}

/// Nothing was ever polled: neither the futures that were made, nor a block in which one would have been.
pub(crate) fn never_awaited(futures: usize, expected: usize) -> Fault {
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

pub(crate) fn returned_before(happened: String) -> Fault {
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

/// The waiting was done by the runtime's clock. On it, no function takes less time than a call it awaits.
pub(crate) fn waited_on_the_runtime<T>(run: &Run<T>) -> Result<(), Fault> {
    let longest = run.calls.iter().map(length).max().unwrap_or_default();
    ensure(run.took >= longest, || {
        Fault::new("thread_that_waits")
            .happened(format!(
                "a call took {}, but the runtime's clock saw {}: another thread was blocked for it",
                Readable(longest),
                Readable(run.took)
            ))
            .expected("the runtime that awaits the function does all of the waiting, and no thread is blocked")
            .next("leave out `spawn_blocking` and threads: `upstream.fetch(path).await` needs none")
    })
}

/// Each call was polled as soon as its page was there: it took no longer than the service did.
pub(crate) fn taken_at_once<T>(run: &Run<T>, upstream: &Upstream) -> Result<(), Fault> {
    let (took, latency) = (run.calls.iter().map(length).sum(), upstream.total_latency());
    ensure(took <= latency, || {
        needless_wait(format!(
            "all in all the service needed {} to answer, and the calls took {}: a page was there, and nobody polled",
            Readable(latency),
            Readable(took)
        ))
    })
}

/// One call after the other, the first as soon as the function began, and nothing else took time.
pub(crate) fn no_time_was_lost<T>(run: &Run<T>, upstream: &Upstream) -> Result<(), Fault> {
    taken_at_once(run, upstream)?;
    let mut free = run.began;
    for call in &run.calls {
        asked_for_at_once(call, free)?;
        free = call.ended.unwrap_or(free);
    }
    let after = (run.began + run.took).duration_since(free);
    ensure(after.is_zero(), || {
        needless_wait(format!(
            "the last page was there, and the function returned {} later",
            Readable(after)
        ))
    })
}

/// The call began when it could, which was at `free`.
pub(crate) fn asked_for_at_once(call: &Call, free: Instant) -> Result<(), Fault> {
    let started = call.started.unwrap_or(free);
    let late = started.duration_since(free);
    // Made before, and polled later: it was expected to run by itself.
    ensure(late.is_zero() || call.created == started, || {
        Fault::new("creating_starts_nothing")
            .happened(format!(
                "the future for {} was made, and polled only {} later: the dots are a future that nobody polls",
                call.path,
                Readable(started.duration_since(call.created))
            ))
            .expected("each call is awaited as soon as it may begin: before that, it has not begun")
            .next("leave out whatever is awaited between making the future and awaiting it")
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
        .expected("each page is asked for at once, and the function goes on as soon as it is there")
        .next("look for a sleep, or another wait that the page does not need: `.await` waits as long as it takes, and no longer")
}

pub(crate) fn same_body(path: &str, found: &str, expected: &str) -> Result<(), Fault> {
    ensure(found == expected, || {
        Fault::new("wrong_body")
            .happened(format!("for {path} there came `{found}`"))
            .expected(format!("the body of its page, as it is: `{expected}`"))
            .next("return the field `body` of the page, and change nothing about it")
    })
}

/// Whoever hides a failure, or asks again after it, is found out.
pub(crate) async fn shows_a_failure<T>(
    upstream: &Upstream,
    paths: &[&str],
    code: impl Future<Output = T>,
) -> Result<(), Fault> {
    match catch_panic(run(upstream, code)).await {
        Err(_the_failure) => Ok(()),
        Ok(run) => {
            let run = run?;
            // Whoever stops at the failure has asked for no more.
            let asked = run.calls.len().clamp(1, paths.len());
            called(&run, &paths[..asked])?;
            Err(Fault::new("failure_swallowed")
                .happened("the service answered with 503, and the function returned as if there were a page")
                .expected("the function panics, as `fetch` does: there is no body that it could return")
                .next("call `fetch`, or `unwrap` what `get` returns"))
        }
    }
}

/// Futures that were awaited together: their calls waited at the same time.
pub(crate) fn waited_together<T>(
    run: &Run<T>,
    upstream: &Upstream,
    paths: &[&str],
) -> Result<(), Fault> {
    called(run, paths)?;
    waited_on_the_runtime(run)?;
    let slower = run.calls.iter().map(length).max().unwrap_or_default();
    ensure(upstream.high_water() == paths.len(), || {
        Fault::new("holds_up_others")
            .happened(format!(
                "{} were joined, and no more than {} waited at a time; it took {}",
                counted(paths.len(), "call"),
                upstream.high_water(),
                Readable(run.took)
            ))
            .expected(format!(
                "all wait at the same time, and it takes {}, as long as the slowest",
                Readable(slower)
            ))
            .next("hold nothing, such as a lock or a permit, while you await")
    })?;
    taken_at_once(run, upstream)?;
    for call in &run.calls {
        asked_for_at_once(call, run.began)?;
    }
    ensure(run.took == slower, || {
        needless_wait(format!(
            "all pages were there after {}, and yet it took {}",
            Readable(slower),
            Readable(run.took)
        ))
    })
}

/// Joins the calls for these paths, and holds them to what the tasks say of calls that are joined.
pub(crate) async fn all_wait_together(
    upstream: &Upstream,
    paths: &[&str],
    calls: impl IntoIterator<Item: Future<Output = String>>,
    number: usize,
) -> Result<(), Fault> {
    let run = run(upstream, join_all(calls)).await?;
    none_was_kept(&run, number)?;
    waited_together(&run, upstream, paths)?;
    for (path, body) in std::iter::zip(paths, &run.output) {
        same_body(path, body, &body_of(path, number))?;
    }
    Ok(())
}
