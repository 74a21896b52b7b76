//! Verdicts as JSON, for programs.
//!
//! The shape is that of `exercises/grader/report.schema.json`, which a test holds to the types below.
//! [`VERSION`] grows when a field is taken away or changes its meaning; new fields may come at any time.

use async_workbook::{
    timeline::Timeline,
    verdict::{Fault, Verdict},
};
use serde::Serialize;

use super::model;
use crate::grade::State;

/// The version of the shape.
pub const VERSION: u32 = 1;

/// What one run of the grader found.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// The version of this shape: 1.
    pub version: u32,
    /// Whether every task is passed.
    pub passed: bool,
    /// The graded chapters, in order.
    pub chapters: Vec<ChapterReport>,
}

/// What was found in one chapter.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ChapterReport {
    /// The name of all of its files: `03_gather`.
    pub slug: String,
    /// What it is called.
    pub title: String,
    /// The learner's file, from the root of the workbook.
    pub file: String,
    /// Its tasks, in order.
    pub tasks: Vec<TaskReport>,
}

/// What was found of one task.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TaskReport {
    /// The name of its function.
    pub name: String,
    /// Where the task stands.
    pub state: State,
    /// How much it counts, if it's passed.
    pub points: u32,
    /// Which verdict it is.
    pub kind: Kind,
    /// The verdict in a line.
    pub headline: String,
    /// All that is said to the learner, as plain text of several lines; empty where there is no more.
    pub details: String,
    /// The misconception behind a wrong answer, in `snake_case`.
    pub misconception: Option<String>,
    /// What a wrong answer did.
    pub happened: Option<String>,
    /// What was expected of it.
    pub expected: Option<String>,
    /// What to try next.
    pub next: Option<String>,
    /// The section of the book that explains it, from the root of the workbook.
    pub section: Option<String>,
    /// The file and line that the verdict is about: the line that panicked or waits to be written, or else the one that
    /// defines what the task asks for.
    pub place: Option<PlaceReport>,
    /// What was proved of a task that is passed, in a sentence.
    pub proved: Option<String>,
    /// What ran when, in microseconds from the start of the hidden test.
    pub timeline: Vec<RowReport>,
    /// What ran, in lines of text, where a timeline cannot show it.
    pub drawing: Option<String>,
    /// What the learner's code printed, cut in the middle if it is long.
    pub printed: String,
}

/// The kinds of verdicts; [`Verdict`] says what each means.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is named for a variant of Verdict")]
pub enum Kind {
    Passed,
    NotStarted,
    Untouched,
    Wrong,
    Panicked,
    Stuck,
    DoesNotCompile,
    Unreadable,
    HiddenTestsMissing,
    NeverReturned,
    PrintedTooMuch,
    OutOfMemory,
    StackOverflow,
    PanickedTwice,
    CompiledTooLong,
    CompilerOutOfMemory,
    EndedEarly,
}

/// A file and a line.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PlaceReport {
    /// The file, from the root of the workbook.
    pub file: String,
    /// The line, counted from one.
    pub line: u32,
}

/// One row of a timeline. Times are microseconds.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RowReport {
    /// What it is called.
    pub label: String,
    /// How many rows it lies within.
    pub depth: usize,
    /// When the future was made.
    pub created: u64,
    /// When it was first polled; null if it never was.
    pub started: Option<u64>,
    /// When it ended; null if it had not.
    pub ended: Option<u64>,
}

/// The report as one JSON document.
#[must_use]
pub fn document(report: &model::Report) -> String {
    let report = Report::new(report);
    serde_json::to_string_pretty(&report).expect("write the report as JSON to memory")
}

impl Report {
    fn new(report: &model::Report) -> Self {
        Self {
            version: VERSION,
            passed: report.passed(),
            chapters: report.chapters.iter().map(ChapterReport::new).collect(),
        }
    }
}

impl ChapterReport {
    fn new(report: &model::ChapterReport) -> Self {
        Self {
            slug: report.chapter.slug.clone(),
            title: report.chapter.title.clone(),
            file: report.file.clone(),
            tasks: report
                .tasks()
                .into_iter()
                .zip(report.passes())
                .map(|((name, verdict, printed), pass)| TaskReport {
                    place: PlaceReport::new(report, name, &verdict.verdict),
                    points: report.chapter.points(name),
                    ..TaskReport::new(name, verdict, printed, pass)
                })
                .collect(),
        }
    }
}

impl TaskReport {
    fn new(
        name: &str,
        report: &model::VerdictReport,
        printed: &str,
        pass: Option<&model::Pass>,
    ) -> Self {
        let picture = pass.and_then(|pass| pass.picture.as_ref());

        let verdict = &report.verdict;
        let fault = match verdict {
            Verdict::Wrong { fault, .. } => Some(fault),
            _ => None,
        };
        let word = |of: fn(&Fault) -> &String| fault.map(|fault| of(fault).clone());
        Self {
            name: name.to_owned(),
            state: report.state,
            points: 0,
            kind: kind(verdict),
            headline: report.headline(),
            details: report.details(),
            misconception: word(|fault| &fault.misconception),
            happened: word(|fault| &fault.happened),
            expected: word(|fault| &fault.expected),
            next: word(|fault| &fault.next),
            section: report.section.clone(),
            place: None,
            proved: pass.map(|pass| pass.proved.clone()),
            timeline: verdict
                .timeline()
                .or(picture.map(|picture| &picture.timeline))
                .map(rows)
                .unwrap_or_default(),
            drawing: verdict
                .drawing()
                .or(picture.and_then(|picture| picture.drawing.as_deref()))
                .map(str::to_owned),
            printed: printed.to_owned(),
        }
    }
}

impl PlaceReport {
    fn new(report: &model::ChapterReport, task: &str, verdict: &Verdict) -> Option<Self> {
        if let Some(place) = verdict.place() {
            return Some(Self {
                file: place.file.clone(),
                line: place.line,
            });
        }
        let (file, span) = report.span(task, verdict)?;
        Some(Self {
            file: file.to_owned(),
            line: span.line,
        })
    }
}

/// The kind as it is written: `never_returned`.
pub(crate) fn kind_name(verdict: &Verdict) -> String {
    let name = serde_json::to_value(kind(verdict)).expect("a variant is written as its name");
    name.as_str().unwrap_or_default().to_owned()
}

fn kind(verdict: &Verdict) -> Kind {
    match verdict {
        Verdict::Passed => Kind::Passed,
        Verdict::NotStarted { .. } => Kind::NotStarted,
        Verdict::Untouched { .. } => Kind::Untouched,
        Verdict::Wrong { .. } => Kind::Wrong,
        Verdict::Panicked { .. } => Kind::Panicked,
        Verdict::Stuck { .. } => Kind::Stuck,
        Verdict::DoesNotCompile { .. } => Kind::DoesNotCompile,
        Verdict::Unreadable { .. } => Kind::Unreadable,
        Verdict::HiddenTestsMissing => Kind::HiddenTestsMissing,
        Verdict::NeverReturned { .. } => Kind::NeverReturned,
        Verdict::PrintedTooMuch { .. } => Kind::PrintedTooMuch,
        Verdict::OutOfMemory { .. } => Kind::OutOfMemory,
        Verdict::StackOverflow => Kind::StackOverflow,
        Verdict::PanickedTwice => Kind::PanickedTwice,
        Verdict::CompiledTooLong { .. } => Kind::CompiledTooLong,
        Verdict::CompilerOutOfMemory { .. } => Kind::CompilerOutOfMemory,
        Verdict::EndedEarly { .. } => Kind::EndedEarly,
    }
}

fn rows(timeline: &Timeline) -> Vec<RowReport> {
    let micros = |time: std::time::Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    timeline
        .rows
        .iter()
        .map(|row| RowReport {
            label: row.label.clone(),
            depth: row.depth,
            created: micros(row.created),
            started: row.started.map(micros),
            ended: row.ended.map(micros),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The schema is written from the types: `UPDATE_SCHEMA=1 cargo test -p workbook --lib schema` does so.
    #[test]
    fn the_published_schema_is_that_of_the_types() {
        let schema = serde_json::to_string_pretty(&schemars::schema_for!(Report))
            .expect("a schema is plain data")
            + "\n";
        let file = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .join("exercises/grader/report.schema.json");
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(&file, &schema).expect("the file can be written");
        }
        let published = std::fs::read_to_string(&file).expect("the schema is published");
        assert_eq!(published.replace("\r\n", "\n"), schema);
    }
}
