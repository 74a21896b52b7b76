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
    scenario::{Scenario, returned_before_written},
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
    // How the file was written comes before what was written, in all of them.
    let scenarios = Scenario::all();
    let logged: Result<Vec<_>, _> = scenarios.iter().map(|one| one.log(answer)).collect();
    for (scenario, logged) in std::iter::zip(&scenarios, logged?) {
        let lines = scenario.lines.len();
        let count = logged.outcome.as_ref().map_err(|error| {
                Fault::new("file_not_made")
                    .happened(match scenario.before {
                        None => format!("for a file that did not exist, the function returned the error `{error}`"),
                        Some(_) => format!("the function returned the error `{error}`, although the file can be written"),
                    })
                    .expected("a file that is missing is made, and one that is there is appended to")
                    .next("open it with `OpenOptions::new().append(true).create(true)`")
            })?;
        scenario.holds(&logged)?;
        ensure(*count == lines, || {
            Fault::new("wrong_count")
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

/// Many calls at once append to one file. Whoever looks for its end, and then writes there, has others write in
/// between: sooner or later, which is why there are so many of them.
fn others_lines_stay(answer: &Answer) -> Result<(), Fault> {
    const ROUNDS: usize = 10;
    const CALLS: usize = 48;
    every_line_is_there(answer)?;
    match (0..ROUNDS).find_map(|_| log_together(answer, CALLS)) {
        None => Ok(()),
        Some(Shorter { due, length }) => Err(Fault::new("log_overwritten")
            .happened(format!(
                "{CALLS} calls at the same time appended {due} bytes to one file, which had {length} in the end: some wrote where others had just written"
            ))
            .expected("what others append meanwhile stays in the file")
            .next("open with `append(true)`: the system then puts each write at the end, wherever that is by then. Seeking to the end, or reading the file first, finds an end that is out of date")),
    }
}

fn calls_do_not_overwrite_each_other(answer: &Answer) {
    examine(async |_: &Recorder| others_lines_stay(answer));
}

fn a_failure_is_an_error(answer: &Answer) {
    examine(async |_: &Recorder| {
        // An answer that reads the file must not come to a device below: one of them can be read for ever.
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
            returned_before_written("nobody learnt that it failed".to_owned())
        })?;
        ensure(logged.outcome.is_err(), || {
            Fault::new("error_swallowed")
                .happened("the path led to a folder, and the function returned `Ok`")
                .expected("what the system refuses is the `Err` of the function")
                .next("await the handle, which gives a `Result` of a `Result`, and look at both")
        })?;
        // A device that can be opened, and refuses every byte.
        if cfg!(target_os = "linux") {
            let full = Path::new("/dev/full");
            let how = "the disk is full (`/dev/full`)";
            // More than a buffer takes, so that writing fails before the last flush.
            let logged = refused(answer, full, &["too much"; 10_000], how)?;
            ensure(logged.outcome.is_err() || logged.jobs > 1, || {
                Fault::new("error_swallowed")
                    .happened("the disk was full (`/dev/full`), so that every write failed, and the function returned `Ok`")
                    .expected("what the system refuses is the `Err` of the function")
                    .next("pass on with `?` what each write returns, and the flush")
            })?;
            let logged = refused(answer, full, &["too", "much"], how)?;
            ensure(logged.outcome.is_err() || logged.jobs > 1, || {
                Fault::new("flush_forgotten")
                    .happened("the disk was full (`/dev/full`), so that the last write failed, and the function returned `Ok`")
                    .expected("the error of the last write is the `Err` of the function, too")
                    .next("`flush()?` before returning: a `BufWriter` that is dropped writes what is left, and throws the error away")
            })?;
        }
        Ok(())
    });
}

/// Calls the answer where the system refuses something; to panic is no way to say so.
fn refused(answer: &Answer, path: &Path, lines: &[&str], because: &str) -> Result<Logged, Fault> {
    let fault = || {
        Fault::new("error_becomes_panic")
            .expected("it returns the system's error: a full disk or a wrong path is no fault of the program's")
            .next("use `?` inside the closure, and pass on what the handle gives")
    };
    let logged = log_once(answer, path, None, lines, Meanwhile::Appends).map_err(|message| {
        let panicked = || format!("where {because}, the function panicked: {message}");
        known_panic(&message).unwrap_or_else(|| fault().happened(panicked()))
    })?;
    match &logged.outcome {
        // The words of a `JoinError`.
        Err(error) if error.to_string().contains("panicked") => Err(fault().happened(format!(
            "where {because}, the job panicked, and the function returned `{error}`: what the system said is lost"
        ))),
        _ => Ok(logged),
    }
}
