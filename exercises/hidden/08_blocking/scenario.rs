//! Files to append to, and what is said of what became of them.

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
    /// What stands in the file; `None` if there is none.
    pub(crate) before: Option<&'static str>,
    pub(crate) lines: Vec<&'static str>,
    meanwhile: Meanwhile,
    /// Whether the path leads through a link, which shows when it was followed.
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
        let one = "the blocking pool gets one job, and all of the file's opening, writing and flushing is done there";
        let whole = "put all of it into one closure for `spawn_blocking`, and await that";
        ensure(!logged.kept, || {
            Fault::new("thread_joined_on_the_loop")
                .happened(format!("for {given}, the blocking pool was given a job, and the runtime's thread stood still until that was done"))
                .expected("while the job is under way, the runtime's thread runs other tasks")
                .next("`.await` the handle of `spawn_blocking`: `block_on`, `recv` and a loop around `is_finished` keep the thread")
        })?;
        ensure(jobs < 2 || lines < 2 || jobs < lines, || {
            Fault::new("a_job_for_each_line")
                .happened(format!("for {given}, the blocking pool was given {jobs} jobs"))
                .expected(one)
                .next(format!("each operation of `tokio::fs` is a job of its own, and so is each `spawn_blocking`: {whole}"))
        })?;
        ensure(jobs < 2, || {
            Fault::new("several_jobs")
                .happened(format!("for {given}, the blocking pool was given {jobs} jobs"))
                .expected(one)
                .next(format!("opening a file with `tokio::fs` is a job, and writing to it is another: {whole}"))
        })?;
        let untouched = logged.in_the_end == logged.found;
        ensure(jobs == 1 || lines == 0 || !untouched, || {
            returned_before_written(format!("of {given}, none had been handed in"))
        })?;
        // With nothing to write, there need be no job.
        ensure((jobs == 1 || lines == 0) && !logged.outside, || {
            Fault::new("outside_the_blocking_pool")
                .happened(if jobs == 0 {
                    format!("for {given}, the blocking pool was given no job: the file was touched on the runtime's thread, or on one that the pool does not know")
                } else {
                    "the file was looked at or changed while the blocking pool stood still: the runtime's thread did it".to_owned()
                })
                .expected(one)
                .next(whole)
        })
    }
}

impl Scenario {
    /// The file has what it should, when the function returned and later.
    pub(crate) fn holds(&self, logged: &Logged) -> Result<(), Fault> {
        let ours = self.before.unwrap_or_default();
        let before = String::from_utf8_lossy(logged.found.as_deref().unwrap_or_default());
        let before = before.into_owned();
        let added = self.lines.iter().map(|line| format!("{line}\n"));
        let expected = before.clone() + &added.collect::<String>();
        let text = |bytes: &Option<Vec<u8>>| {
            String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned()
        };
        // With no lines, a file that was missing may stay so.
        let (at_return, in_the_end) = (text(&logged.at_return), text(&logged.in_the_end));
        ensure(logged.under_way == 0 && at_return == in_the_end, || {
            let (all, there) = (counted(expected.len(), "byte"), at_return.len());
            returned_before_written(format!("of {all}, the file held {there}"))
        })?;
        let Some(added) = in_the_end.strip_prefix(&before) else {
            let fault = Fault::new("log_overwritten");
            let fault = if in_the_end.starts_with(ours) && !ours.is_empty() {
                fault.happened("another program appended a line before the job began, and that was written over: the file had been read too early")
            } else if self.meanwhile == Meanwhile::Makes {
                fault.happened("there was no file when the function was called; another program made one before the job began, and what that had written is lost")
            } else {
                fault.happened(format!(
                    "the file held `{}`, and that was written over",
                    before.trim_end()
                ))
            };
            return Err(fault
                .expected("what stands in the file stays there; the new lines come after it")
                .next("open with `append(true)`: `File::create` and `fs::write` empty the file, and `write(true)` alone begins at its first byte"));
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
                .happened(format!("{lines} came with {breaks}, not each with one behind it"))
                .expected("each line is followed by one line break, the last one too")
                .next("write each with `writeln!`; `join(\"\\n\")` puts line breaks between the lines, and none after the last")
        } else {
            Fault::new("lines_lost")
                .happened(self.first_difference(added))
                .expected("every line arrives whole, and in order")
                .next("write each line with `writeln!` or `write_all`, to the last of them, and flush a buffer")
        })
    }

    fn first_difference(&self, added: &str) -> String {
        let given = counted(self.lines.len(), "line");
        let came: Vec<&str> = added.split_terminator('\n').collect();
        let both = std::iter::zip(&self.lines, &came);
        match both.enumerate().find(|(_, (line, came))| line != came) {
            Some((index, (line, came))) => format!(
                "of {given}, number {} was {line:?}, and {came:?} came",
                index + 1
            ),
            None => format!("of {given}, {} came", came.len()),
        }
    }
}

pub(crate) fn returned_before_written(how: String) -> Fault {
    Fault::new("returned_before_written")
        .happened(format!("the function returned while its job was under way: {how}"))
        .expected("when it returns, the job is done, and has succeeded or failed")
        .next("await the handle of `spawn_blocking`: a job that nobody awaits is done some time later, or never")
}
