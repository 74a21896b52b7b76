//! Has an answer work through a line, and judges what came of it.

use std::{future, time::Duration};

use async_workbook::{
    clock::{Readable, timed},
    harness::{counted, listed, ms},
    timeline::Recorder,
    verdict::{Fault, ensure},
};
use tokio::time::timeout;

use crate::{
    Answer, NonZeroUsize, Summary,
    line::{End, Line, Seen, path},
};

const A_DAY: Duration = ms(20 * 60 * 60 * 1000);

pub(crate) fn limit_of(line: &Line) -> NonZeroUsize {
    NonZeroUsize::new(line.limit).expect("a limit is at least one")
}

/// Awaits the function, and returns its summary with the time that it took.
pub(crate) async fn process(answer: &Answer, line: &Line) -> (Summary, Duration) {
    let processing = (answer.process)(line.paths(), limit_of(line), line.work(), line.saving());
    match timeout(A_DAY, timed(processing)).await {
        Ok(ended) => ended,
        // There's a separate verdict for waiting for ever.
        Err(_) => future::pending().await,
    }
}

/// Has the line worked through, and checks that everything was done once.
pub(crate) async fn complete(
    answer: &Answer,
    recorder: &Recorder,
    line: &Line,
) -> Result<Duration, Fault> {
    recorder.restart();
    let (summary, took) = process(answer, line).await;
    let seen = line.seen();
    let all = seen.len();
    let of = counted(all, "path");
    let names = |of: fn(&Seen) -> bool| -> Vec<String> {
        let picked = seen.iter().enumerate().filter(|&(_, seen)| of(seen));
        picked.map(|(index, _)| path(index)).collect()
    };
    let never_taken = names(|seen| seen.taken.is_none());
    let failed = line.count(End::Error);
    ensure(never_taken.is_empty() || failed == 0, || {
        dropped_at_first_error(format!(
            "of {of}, {failed} failed, and the function returned without taking {}",
            listed(&never_taken)
        ))
    })?;
    ensure(never_taken.is_empty(), || {
        missing(format!(
            "the function returned after {}, and had never taken {} from the stream",
            Readable(took),
            listed(&never_taken)
        ))
    })?;
    // Work that was called late and never polled was left behind, unless none ever is.
    let called_alone = names(|seen| seen.works == 0 && seen.called);
    ensure(called_alone.is_empty() || called_alone.len() == all, || {
        returned_early(format!(
            "the function returned after {}, before the work on {} could begin",
            Readable(took),
            listed(&called_alone)
        ))
    })?;
    let skipped = names(|seen| seen.works == 0);
    ensure(skipped.is_empty(), || {
        Fault::new("call_skipped")
            .happened(format!("of {of}, `work` was never called or never polled for {}", listed(&skipped)))
            .expected("every path is worked on")
            .next("call `work` for every path, and have its future polled: a future that nobody polls does nothing")
    })?;
    let again = names(|seen| seen.works > 1);
    ensure(again.is_empty(), || {
        Fault::new("unrequested_retry")
            .happened(format!("`work` ran more than once for {}", listed(&again)))
            .expected("it runs once for each path, whatever comes of it")
            .next("count an error and go on: whether to try again is for `work` to decide")
    })?;
    let dropped = names(|seen| seen.dropped);
    ensure(dropped.is_empty() || failed == 0, || {
        dropped_at_first_error(format!(
            "of {of}, {failed} failed, and the work on {} was dropped",
            listed(&dropped)
        ))
    })?;
    let running = names(|seen| seen.began.is_some() && seen.ended.is_none());
    ensure(running.is_empty(), || {
        returned_early(format!(
            "the function returned after {}, while it was working on {}",
            Readable(took),
            listed(&running)
        ))
    })?;
    ensure(dropped.is_empty(), || {
        Fault::new("call_dropped_early")
            .happened(format!("the work on {} was dropped before it had ended", listed(&dropped)))
            .expected("work that has begun runs to its end")
            .next("find what drops it, and remove that: a timeout, a `select!` whose branch makes the future, or a set that goes out of scope")
    })?;
    let saves: usize = seen.iter().map(|seen| seen.saves).sum();
    let pages = line.count(End::Page);
    let unsaved: Vec<String> = seen
        .iter()
        .enumerate()
        .filter(|&(index, seen)| line.jobs[index].end == End::Page && seen.save_ended.is_none())
        .map(|(index, _)| path(index))
        .collect();
    ensure(unsaved.is_empty() || failed == 0, || {
        dropped_at_first_error(format!(
            "of {of}, {failed} failed, and the pages of {} were never saved",
            listed(&unsaved)
        ))
    })?;
    ensure(unsaved.is_empty(), || {
        missing(format!("`save` never ended for {}", listed(&unsaved)))
    })?;
    ensure(saves == pages, || {
        Fault::new("extra_call_made")
            .happened(format!(
                "for {}, `save` was called {saves} times",
                counted(pages, "page")
            ))
            .expected("each page is saved once")
            .next("call `save` in one place only")
    })?;
    ensure((summary.saved, summary.failed) == (pages, failed), || {
        Fault::new("jobs_miscounted")
            .happened(format!("{} were saved and {failed} failed, and the summary said {} and {}", counted(pages, "page"), summary.saved, summary.failed))
            .expected("the summary says how many pages were saved, and for how many paths `work` returned an error")
            .next("count after `save` has returned, and count each `Err` of `work`")
    })?;
    Ok(took)
}

fn returned_early(happened: String) -> Fault {
    Fault::new("returned_before_work_finished")
        .happened(happened)
        .expected("it returns when every page has been saved")
        .next("after the last path, go on until there's no work left")
}

fn missing(happened: String) -> Fault {
    Fault::new("results_missing")
        .happened(happened)
        .expected("every path of the stream is worked on, and every page is saved")
        .next("go on until the stream has ended and there's no work left. In `select!`, a pattern such as `Some(path)` disables its branch at the end of the stream: look at both ends before you leave the loop")
}

fn dropped_at_first_error(happened: String) -> Fault {
    Fault::new("results_dropped_at_first_error")
        .happened(happened)
        .expected("an error is counted, and the other pages are saved")
        .next("match on what `work` returns, instead of `?` or `unwrap`; `try_for_each` and its like end at the first error")
}

/// How many ran at once.
pub(crate) fn limit_kept(line: &Line) -> Result<(), Fault> {
    let (most, limit, all) = (line.most_running(), line.limit, line.jobs.len());
    let happened = format!(
        "of {} with a limit of {limit}, {most} were in progress at once",
        counted(all, "path")
    );
    let due = limit.min(all);
    if most == due {
        return Ok(());
    }
    let expected = format!("exactly {due} are in progress as long as there's enough to do");
    Err(if most > limit && most == all {
        Fault::new("limit_not_enforced")
            .happened(happened)
            .expected(expected)
            .next("put the limit where the job begins: take a path only when fewer than `limit` jobs are running, with `buffer_unordered(limit.get())`, a semaphore, or the length of a `JoinSet`")
    } else if most == limit + 1 || most + 1 == due && most > 1 {
        Fault::new("limit_off_by_one")
            .happened(happened)
            .expected(expected)
            .next(
                "compare before you begin the next job: begin it if fewer than `limit` are running",
            )
    } else if most == 1 {
        Fault::new("awaits_in_a_loop")
            .happened(happened)
            .expected(expected)
            .next("a `for` or `while` loop that awaits each job, and `then`, do one at a time: make the futures with `map`, and let `buffer_unordered` or tasks run `limit` of them")
    } else {
        Fault::new("limit_hard_coded")
            .happened(happened)
            .expected(expected)
            .next("use `limit.get()` wherever a number bounds the work")
    })
}

/// Each work begins as soon as there's room. For lines whose pages are saved in no time.
pub(crate) fn window_slides(line: &Line) -> Result<(), Fault> {
    let mut actual: Vec<Duration> = line.seen().iter().filter_map(|seen| seen.began).collect();
    actual.sort();
    let sorted = |mut begins: Vec<Duration>| {
        begins.sort();
        begins
    };
    let due = sorted(line.window());
    let Some(late) = (0..due.len()).find(|&index| actual.get(index) != Some(&due[index])) else {
        return Ok(());
    };
    let happened = format!(
        "with a limit of {}, job {} was due at {}, and began at {}",
        line.limit,
        late + 1,
        Readable(due[late]),
        Readable(actual[late])
    );
    let expected = "whenever one job ends, the next begins: the window slides";
    Err(if actual == sorted(line.oldest_first()) {
        Fault::new("results_awaited_in_order")
            .happened(format!("{happened}: a job that had ended kept its place until the oldest had ended"))
            .expected(expected)
            .next("pages may be saved in any order: replace `buffered` with `buffer_unordered`, or await `JoinSet::join_next` instead of the oldest handle")
    } else if actual == sorted(line.in_chunks()) {
        Fault::new("whole_chunk_awaited")
            .happened(format!("{happened}: each group waited for the slowest of the group before it"))
            .expected(expected)
            .next("replace `chunks` or `join_all` with `buffer_unordered`, which takes the next path whenever a job ends")
    } else {
        Fault::new("needless_wait")
            .happened(happened)
            .expected(expected)
            .next("remove the sleep, the interval or the worker that has a list of its own: take the next path as soon as there's room")
    })
}
