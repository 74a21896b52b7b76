//! Files to append to, and the verdict on what became of them.

use std::fs;

use async_workbook::{
    harness::counted,
    verdict::{Fault, ensure},
};

use crate::{
    Answer,
    heart::fault_of,
    watched_file::{Folder, Link, Logged, Meanwhile, log_once},
};

/// A file to append to, and what to append.
pub(crate) struct Scenario {
    /// What the file contains, or `None` if there's no file.
    pub(crate) before: Option<&'static str>,
    pub(crate) lines: Vec<&'static str>,
    meanwhile: Meanwhile,
    /// Whether the path leads through a link, which shows when something followed it.
    linked: bool,
}

impl Scenario {
    fn new(before: impl Into<Option<&'static str>>, lines: &[&'static str]) -> Self {
        Self {
            before: before.into(),
            lines: lines.to_vec(),
            meanwhile: Meanwhile::Appends,
            linked: false,
        }
    }

    fn meanwhile(self, meanwhile: Meanwhile) -> Self {
        Self { meanwhile, ..self }
    }

    fn linked(self) -> Self {
        Self {
            linked: true,
            ..self
        }
    }

    pub(crate) fn all() -> [Self; 9] {
        let many = [
            "started",
            "",
            "  indented",
            "naïve café",
            "tab\there",
            "blanks at the end  ",
            "again",
            "again",
            "the end",
        ];
        [
            Self::new("first\nsecond\n", &many.repeat(3)),
            Self::new(None, &["alone"]).linked(),
            Self::new(None, &["mine"]).meanwhile(Meanwhile::Makes),
            Self::new("old\n", &["new"]).meanwhile(Meanwhile::Removes),
            Self::new("", &["one", "two"]),
            Self::new("kept\n", &[""]),
            Self::new("kept\n", &[]),
            Self::new(None, &many.repeat(400)),
            Self::new(
                "a much longer line than those that follow it\n",
                &["x", "y", "z"],
            ),
        ]
    }

    pub(crate) fn log(&self, answer: &Answer) -> Result<Logged, Fault> {
        let folder = Folder::new();
        let path = folder.0.join("access.log");
        if let Some(before) = self.before {
            fs::write(&path, before).expect("the folder is new");
        }
        let link = self.linked.then(|| Link::to(&folder.0)).flatten();
        let logged = log_once(answer, &path, link.as_ref(), &self.lines, self.meanwhile);
        let logged = logged.map_err(fault_of)?;
        self.through_the_pool(&logged)?;
        Ok(logged)
    }

    fn through_the_pool(&self, logged: &Logged) -> Result<(), Fault> {
        let (lines, jobs) = (self.lines.len(), logged.jobs);
        let given = counted(lines, "line");
        let one =
            "the blocking pool gets one job, which does all the opening, writing and flushing";
        let whole = "move the opening, writing and flushing into one closure for `spawn_blocking`, and await that";
        ensure(!logged.kept, || {
            Fault::new("thread_joined_in_async_code")
                .happened(format!("for {given}, the blocking pool got a job, and the runtime's thread stood still until the job was done"))
                .expected("while the job runs, the runtime's thread runs other tasks")
                .next("await the handle of `spawn_blocking`: `block_on`, `recv` and a loop around `is_finished` keep the runtime's thread")
        })?;
        ensure(jobs < 2 || lines < 2 || jobs < lines, || {
            Fault::new("blocking_job_per_line")
                .happened(format!("for {given}, the blocking pool got {jobs} jobs"))
                .expected(one)
                .next(format!("{whole}: each operation of `tokio::fs` is a separate job, and so is each `spawn_blocking`"))
        })?;
        ensure(jobs < 2, || {
            Fault::new("work_split_across_jobs")
                .happened(format!("for {given}, the blocking pool got {jobs} jobs"))
                .expected(one)
                .next(format!("{whole}: opening a file with `tokio::fs` is one job, and writing to it is another"))
        })?;
        let untouched = logged.in_the_end == logged.found;
        ensure(jobs == 1 || lines == 0 || !untouched, || {
            returned_before_work_finished(format!("none of {given} had been written"))
        })?;
        // With nothing to write, no job is needed.
        ensure((jobs == 1 || lines == 0) && !logged.outside, || {
            Fault::new("file_access_outside_blocking_pool")
                .happened(if jobs == 0 {
                    format!("for {given}, the blocking pool got no job: the runtime's thread touched the file, or a thread outside the pool did")
                } else {
                    "the runtime's thread read or changed the file, while the blocking pool stood still".to_owned()
                })
                .expected(one)
                .next(whole)
        })
    }
}

impl Scenario {
    /// The file contains what it should, when the function returns and later.
    pub(crate) fn holds(&self, logged: &Logged) -> Result<(), Fault> {
        let ours = self.before.unwrap_or_default();
        let before = String::from_utf8_lossy(logged.found.as_deref().unwrap_or_default());
        let before = before.into_owned();
        let added = self.lines.iter().map(|line| format!("{line}\n"));
        let expected = before.clone() + &added.collect::<String>();
        let text = |bytes: &Option<Vec<u8>>| {
            String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned()
        };
        // With no lines, a missing file may stay missing.
        let (at_return, in_the_end) = (text(&logged.at_return), text(&logged.in_the_end));
        ensure(logged.under_way == 0 && at_return == in_the_end, || {
            let (all, there) = (counted(expected.len(), "byte"), at_return.len());
            returned_before_work_finished(format!("the file contained {there} of {all}"))
        })?;
        let Some(added) = in_the_end.strip_prefix(&before) else {
            let fault = Fault::new("log_overwritten");
            let fault = if in_the_end.starts_with(ours) && !ours.is_empty() {
                fault.happened("another program appended a line before the job began, and the function wrote over it: it had read the file too early")
            } else if self.meanwhile == Meanwhile::Makes {
                fault.happened("another program created the file after the call and before the job began, and the function wrote over it")
            } else {
                fault.happened(format!(
                    "the file contained `{}`, and the function wrote over it",
                    before.trim_end()
                ))
            };
            return Err(fault
                .expected("the file keeps its contents, and the new lines follow them")
                .next("open the file with `append(true)`: `File::create` and `fs::write` empty it, and `write(true)` alone starts at its first byte"));
        };
        if in_the_end == expected {
            return Ok(());
        }
        let bare = |text: &str| text.replace('\n', "");
        let whole = |line: &str| self.lines.contains(&line);
        let all_whole =
            added.is_empty() || added.ends_with('\n') && added.split_terminator('\n').all(whole);
        Err(if bare(added) == self.lines.concat() && !all_whole {
            let lines = counted(self.lines.len(), "line");
            let breaks = counted(added.matches('\n').count(), "line break");
            Fault::new("line_breaks_missing")
                .happened(format!("the function wrote {lines} with {breaks}, and not one after each line"))
                .expected("one line break follows each line, the last one too")
                .next("write each line with `writeln!`: `join(\"\\n\")` puts no line break after the last")
        } else {
            Fault::new("lines_lost")
                .happened(self.first_difference(added))
                .expected("the file gets every line, whole and in order")
                .next("write every line with `writeln!` or `write_all`, and then flush the buffer")
        })
    }

    fn first_difference(&self, added: &str) -> String {
        let given = counted(self.lines.len(), "line");
        let came: Vec<&str> = added.split_terminator('\n').collect();
        let both = std::iter::zip(&self.lines, &came);
        match both.enumerate().find(|(_, (line, came))| line != came) {
            Some((index, (line, came))) => format!(
                "line {} of {given} was {line:?}, and the file got {came:?}",
                index + 1
            ),
            None => format!("the file got {} of {given}", came.len()),
        }
    }
}

pub(crate) fn returned_before_work_finished(how: String) -> Fault {
    Fault::new("returned_before_work_finished")
        .happened(format!("the function returned while its job was still running: {how}"))
        .expected("when it returns, the job has succeeded or failed")
        .next("await the handle of `spawn_blocking`: if you drop it, the job ends some time later, or never")
}
