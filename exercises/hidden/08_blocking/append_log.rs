//! The hidden tests of `append_log`.

use std::path::Path;

use async_workbook::{
    harness::{Task, counted, task},
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};

use crate::{
    Answer,
    heart::known_panic,
    scenario::{Scenario, returned_before_work_finished},
    watched_file::{Folder, Logged, Meanwhile, Shorter, log_once, log_together},
};

pub(crate) const TASK: Task<Answer> = task!(
    append_log: the_pool_gets_one_job,
    every_line_is_there_at_return,
    calls_do_not_overwrite_each_other,
    a_failure_is_an_error,
);

fn the_pool_gets_one_job(answer: &Answer) {
    examine(async |_: &Recorder| {
        for scenario in Scenario::all() {
            scenario.log(answer)?;
        }
        Ok(())
    });
}

fn every_line_is_there_at_return(answer: &Answer) {
    examine(async |_: &Recorder| every_line_is_there(answer));
}

fn every_line_is_there(answer: &Answer) -> Result<(), Fault> {
    // In every scenario, judge how the file was written before what was written.
    let scenarios = Scenario::all();
    let logged: Result<Vec<_>, _> = scenarios.iter().map(|one| one.log(answer)).collect();
    for (scenario, logged) in std::iter::zip(&scenarios, logged?) {
        let lines = scenario.lines.len();
        let count = logged.outcome.as_ref().map_err(|error| {
            Fault::new("file_not_created")
                .happened(match scenario.before {
                    None => format!(
                        "for a file that didn't exist, the function returned the error `{error}`"
                    ),
                    Some(_) => format!(
                        "the function returned the error `{error}`, although the file is writable"
                    ),
                })
                .expected("the function creates a missing file, and appends to an existing one")
                .next("open the file with `OpenOptions::new().append(true).create(true)`")
        })?;
        scenario.holds(&logged)?;
        ensure(*count == lines, || {
            Fault::new("wrong_count_returned")
                .happened(format!(
                    "for {}, the function returned {count}",
                    counted(lines, "line")
                ))
                .expected(format!("it returns {lines}, the number of lines"))
                .next("return `Ok(lines.len())`")
        })?;
    }
    Ok(())
}

/// Many calls at once append to one file. If an answer looks for the end of the file and then writes there,
/// another call sooner or later writes in between, which is why there are so many of them.
fn others_lines_stay(answer: &Answer) -> Result<(), Fault> {
    const ROUNDS: usize = 10;
    const CALLS: usize = 48;
    every_line_is_there(answer)?;
    match (0..ROUNDS).find_map(|_| log_together(answer, CALLS)) {
        None => Ok(()),
        Some(Shorter { due, length }) => Err(Fault::new("log_overwritten")
            .happened(format!(
                "{CALLS} calls at the same time appended {due} bytes to one file, which ended up with {length}: some wrote over what others had just written"
            ))
            .expected("the file keeps whatever others append meanwhile")
            .next("open the file with `append(true)` instead of seeking or reading: the system then puts each write at the current end")),
    }
}

fn calls_do_not_overwrite_each_other(answer: &Answer) {
    examine(async |_: &Recorder| others_lines_stay(answer));
}

fn a_failure_is_an_error(answer: &Answer) {
    examine(async |_: &Recorder| {
        // An answer that reads the file must not get to the device below, which can be read for ever.
        others_lines_stay(answer)?;
        let folder = Folder::new();
        let logged = refused(
            answer,
            &folder.0,
            &["no file"],
            "the path leads to a folder",
        )?;
        let done = logged.jobs > 0 && logged.under_way == 0;
        ensure(done || logged.outcome.is_err(), || {
            returned_before_work_finished("the caller never learned that the job failed".to_owned())
        })?;
        ensure(logged.outcome.is_err(), || {
            Fault::new("error_swallowed")
                .happened("the path led to a folder, and the function returned `Ok`")
                .expected("if the system refuses something, the function returns its `Err`")
                .next("await the handle, which gives a `Result` of a `Result`, and pass both errors on")
        })?;
        // A device that opens, and then refuses every byte.
        if cfg!(target_os = "linux") {
            let full = Path::new("/dev/full");
            let how = "the disk is full (`/dev/full`)";
            // More than a buffer holds, so a write fails before the last flush.
            let logged = refused(answer, full, &["too much"; 10_000], how)?;
            ensure(logged.outcome.is_err() || logged.jobs > 1, || {
                Fault::new("error_swallowed")
                    .happened("the disk was full (`/dev/full`), so every write failed, but the function returned `Ok`")
                    .expected("if the system refuses something, the function returns its `Err`")
                    .next("put a `?` after each write, and after the flush")
            })?;
            let logged = refused(answer, full, &["too", "much"], how)?;
            ensure(logged.outcome.is_err() || logged.jobs > 1, || {
                Fault::new("flush_forgotten")
                    .happened("the disk was full (`/dev/full`), so the last write failed, but the function returned `Ok`")
                    .expected("if the last write fails, the function returns that error, too")
                    .next("call `flush()?` before you return: a `BufWriter` that's dropped writes what's left, but ignores the error")
            })?;
        }
        Ok(())
    });
}

/// Calls the answer when the system refuses something. The answer must not panic then.
fn refused(answer: &Answer, path: &Path, lines: &[&str], because: &str) -> Result<Logged, Fault> {
    let fault = || {
        Fault::new("error_turned_into_panic")
            .expected("the function returns the system's error: a full disk or a wrong path isn't a bug in the program")
            .next("replace `unwrap` and `expect` in the closure with `?`, and return the error that the handle gives")
    };
    let logged = log_once(answer, path, None, lines, Meanwhile::Appends).map_err(|message| {
        let panicked = || format!("when {because}, the function panicked: {message}");
        known_panic(&message).unwrap_or_else(|| fault().happened(panicked()))
    })?;
    match &logged.outcome {
        // This is how a `JoinError` words it.
        Err(error) if error.to_string().contains("panicked") => Err(fault().happened(format!(
            "when {because}, the job panicked, and the function returned `{error}`: the system's error is lost"
        ))),
        _ => Ok(logged),
    }
}
