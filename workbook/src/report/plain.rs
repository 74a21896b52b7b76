//! Verdicts in lines of plain words, for screen readers, logs and problem matchers.
//!
//! What a drawing shows is said in words: a screen reader would spell out each of its characters.

use async_workbook::{
    clock::Readable,
    timeline::{End, Row, Timeline},
    verdict::{Below, escape_control},
};

use super::model::{ChapterReport, Found, TaskReport, VerdictReport};
use crate::grade::{Span, State};

/// What was found in a chapter: `exercises/03_gather.rs:26:14: error: …` for each task, and set in below it what else there
/// is to say.
#[must_use]
pub fn lines(report: &ChapterReport) -> Vec<String> {
    match &report.found {
        Found::File(verdict) => {
            let subject = &report.chapter.slug;
            of_verdict(report, subject, verdict, report.last_line(), None)
        }
        Found::Tasks(tasks) => tasks
            .iter()
            .flat_map(|task| of_task(report, task))
            .collect(),
    }
}

fn of_task(report: &ChapterReport, task: &TaskReport) -> Vec<String> {
    let at = report.span(&task.name, &task.verdict.verdict);
    let proved = task.pass.as_ref().map(|pass| pass.proved.as_str());
    of_verdict(report, &task.name, &task.verdict, at, proved)
}

fn of_verdict(
    report: &ChapterReport,
    subject: &str,
    verdict: &VerdictReport,
    at: Option<(&str, Span)>,
    proved: Option<&str>,
) -> Vec<String> {
    // What problem matchers know the severity by.
    let level = match verdict.state {
        State::Passed | State::NotStarted => "info",
        State::Wrong | State::NotGraded => "error",
    };
    let (file, line, column) = at.map_or((report.file.as_str(), 1, 1), |(file, span)| {
        (file, span.line, span.columns.start)
    });
    let headline = verdict.headline();
    let mut lines = vec![format!(
        "{file}:{line}:{column}: {level}: {subject}: {headline}"
    )];
    let mut below = |text: &str| lines.extend(text.lines().map(|line| format!("    {line}")));
    if let Some(proved) = proved {
        below(&format!("Proved: {}", escape_control(proved)));
    }
    for said in &verdict.words.below {
        match said {
            Below::Point(name, text) => below(&format!("{name}: {}", escape_control(text))),
            Below::List(name, items) => {
                below(&format!("{name}: {}", escape_control(&items.join("; "))));
            }
            Below::Code(code) => below(&escape_control(code)),
            Below::Compiler(error) => below(&anstream::adapter::strip_str(error).to_string()),
            Below::Timeline(timeline) => below(&in_words(timeline)),
            // It would be no words.
            Below::Drawing(_) => {}
        }
    }
    lines
}

/// What ran when, a sentence a row.
fn in_words(timeline: &Timeline) -> String {
    const ROWS: usize = 12;
    let mut lines = vec![format!("Timeline, {} long:", Readable(timeline.total))];
    lines.extend(timeline.rows.iter().take(ROWS).map(row_in_words));
    let more = timeline.rows.len().saturating_sub(ROWS) + timeline.left_out;
    if more > 0 {
        lines.push(format!("and {more} more."));
    }
    let moments = timeline.moments.iter();
    lines.extend(moments.map(|moment| format!("{} at {}.", moment.what, Readable(moment.at))));
    lines.join("\n")
}

fn row_in_words(row: &Row) -> String {
    let label = escape_control(&row.label);
    let Some(started) = row.started else {
        return format!("{label}: never started.");
    };
    let from = Readable(started);
    let to = row.ended.map(Readable);
    match (to, row.end) {
        (None, _) => format!("{label}: from {from}, and not ended."),
        (Some(to), End::Failed) => format!("{label}: from {from} to {to}, failed."),
        (Some(to), End::Panicked) => format!("{label}: from {from} to {to}, panicked."),
        (Some(to), End::Dropped) => format!("{label}: from {from} to {to}, dropped."),
        (Some(to), _) => format!("{label}: from {from} to {to}."),
    }
}
