//! A chapter and its tasks as text.

use async_workbook::{
    timeline::{Charset, Style},
    verdict::Verdict,
};
use unicode_width::UnicodeWidthStr as _;

use super::{
    model::{ChapterReport, Found, TaskReport},
    pass::{proved_text, run_text},
    status::status_sign,
    verdict::text_below,
};
use crate::{
    course::Chapter,
    grade::State,
    progress::Status,
    text::{Line, Span, Text, bad, good, link, plain, quiet, strong},
};

/// Which tasks are shown with all that is said of them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unfolded {
    /// All that are wrong, and those that have just been passed: for paper.
    EachFault,
    /// The first that is wrong, and the one of those that have just been passed whose picture says most: for a screen,
    /// which has room for few.
    FirstFault,
    /// The one at this position.
    Task(usize),
}

impl Unfolded {
    fn shows(self, position: usize, tasks: &[TaskReport]) -> bool {
        let is_wrong: fn(&TaskReport) -> bool = |task| task.verdict.state == State::Wrong;
        let task = &tasks[position];
        match self {
            Self::EachFault => is_newly_passed(task) || is_wrong(task),
            Self::FirstFault => {
                let first = |is: fn(&TaskReport) -> bool| tasks.iter().position(is);
                let passed = first(can_be_compared).or_else(|| first(is_newly_passed));
                [passed, first(is_wrong)].contains(&Some(position))
            }
            Self::Task(unfolded) => position == unfolded,
        }
    }
}

fn is_newly_passed(task: &TaskReport) -> bool {
    task.pass.as_ref().is_some_and(|pass| pass.is_new)
}

fn is_untouched(task: &TaskReport) -> bool {
    matches!(task.verdict.verdict, Verdict::Untouched { .. })
}

/// Whether it has just been passed, and there is a picture of how it was wrong.
fn can_be_compared(task: &TaskReport) -> bool {
    let pass = task.pass.as_ref();
    pass.is_some_and(|pass| pass.is_new && pass.before.is_some())
}

/// A graded chapter: a heading, a line a task, and under it what is to be said of the tasks that are unfolded.
#[must_use]
pub fn graded_text(report: &ChapterReport, unfolded: Unfolded, style: &Style) -> Text {
    let mut text = heading(&report.chapter, &report.file, style);
    match &report.found {
        Found::File(verdict) => {
            // One file, one cause: it is told once, and the tasks are only listed.
            for (name, verdict, _) in report.tasks() {
                text.add(task_line(report, name, verdict.state, "not graded", style));
            }
            let headline = format!("{}: {}", report.file, verdict.words.headline);
            let mut body = Text::from(bad(headline));
            body.add(text_below(&verdict.words, &set_in(style, 2)));
            text.add(body.indented(2));
        }
        Found::Tasks(tasks) => {
            let all_passed = tasks.iter().all(|task| task.pass.is_some());
            for (position, task) in tasks.iter().enumerate() {
                let verdict = &task.verdict;
                let headline = &verdict.words.headline;
                let line = task_line(report, &task.name, verdict.state, headline, style);
                text.add(line);
                if unfolded.shows(position, tasks) {
                    text.add(task_text(task, style));
                } else if let Some(pass) = &task.pass
                    && (all_passed || pass.is_new)
                {
                    let by = set_in_by(style);
                    text.add(proved_text(pass, &set_in(style, by)).indented(by));
                }
            }
            if tasks.iter().any(is_untouched) {
                let why =
                    "The verdict on a function that is as it came is shown once you change it.";
                text.add(Text::under(plain("  "), quiet(why)));
            }
        }
    }
    text
}

/// All that is said of a task below its line.
fn task_text(task: &TaskReport, style: &Style) -> Text {
    let by = set_in_by(style);
    let below = set_in(style, by);
    let mut text = match &task.pass {
        Some(pass) => proved_text(pass, &below),
        None => Text::default(),
    };
    text.add(text_below(&task.verdict.words, &below));
    if let Some(pass) = &task.pass {
        text.add(run_text(pass, &below));
    }
    text.add(printed_text(task));
    text.indented(by)
}

/// How far what is said of a task is set in: less where there is little room.
fn set_in_by(style: &Style) -> usize {
    if style.width < 60 { 4 } else { 6 }
}

fn set_in(style: &Style, by: usize) -> Style {
    Style {
        width: style.width.saturating_sub(by),
        ..style.clone()
    }
}

fn heading(chapter: &Chapter, file: &str, style: &Style) -> Text {
    let left = format!("{} {}", chapter.number(), chapter.title);
    let gap = style.width.saturating_sub(left.width() + file.width());
    Text::from([strong(left), plain(" ".repeat(gap.max(2))), link(file)])
}

/// A chapter that was not graded since the start: its tasks, where they stood, and what they are.
#[must_use]
pub fn ungraded_text(chapter: &Chapter, statuses: &[Status], style: &Style) -> Text {
    let file = chapter.stub().display().to_string().replace('\\', "/");
    let mut text = heading(chapter, &file, style);
    for (task, status) in std::iter::zip(&chapter.tasks, statuses) {
        let changed = match status {
            Status::Changed => " (changed since it was graded)",
            _ => "",
        };
        let words = format!("{}: {}{changed}", task.name, task.goal);
        let sign = status_sign(*status, style.charset);
        text.add(Text::under([plain("  "), sign, plain(" ")], words.as_str()));
    }
    text
}

fn task_line(report: &ChapterReport, name: &str, state: State, said: &str, style: &Style) -> Text {
    let names = report.chapter.tasks.iter().map(|task| task.name.width());
    let columns = names.max().unwrap_or(0);
    let painted: fn(&str) -> Span = match state {
        State::Passed => |said| good(said),
        State::NotStarted => |said| quiet(said),
        State::Wrong => |said| bad(said),
        State::NotGraded => |said| quiet(said),
    };
    let sign = match (state, style.charset) {
        (State::Passed, Charset::Unicode) => "✓",
        (State::Passed, Charset::Ascii) => "+",
        (State::NotStarted, Charset::Unicode) => "·",
        (State::NotStarted, Charset::Ascii) => "-",
        (State::Wrong, Charset::Unicode) => "✗",
        (State::Wrong, Charset::Ascii) => "x",
        // Nothing is known of the task.
        (State::NotGraded, _) => "?",
    };
    let name = format!(" {name:columns$}  ");
    let lead = [plain("  "), painted(sign), plain(name)];
    Text::under(lead, painted(said))
}

/// The last lines that the code under study printed.
fn printed_text(task: &TaskReport) -> Text {
    const LINES: usize = 20;
    const WIDTH: usize = 400;
    let verdict = &task.verdict.verdict;
    let printed = printed_besides(&task.printed, verdict);
    if State::of(verdict) == State::NotStarted || printed.iter().all(|line| line.trim().is_empty())
    {
        return Text::default();
    }
    let cut = printed.len().saturating_sub(LINES);
    let mut text = Text::from(quiet(if cut > 0 {
        "The last that your code printed:"
    } else {
        "Your code printed:"
    }));
    for line in &printed[cut..] {
        let line: String = line.chars().take(WIDTH).collect();
        text.line(Line::from([plain("  "), plain(line)]));
    }
    text
}

/// What was printed, without the panic message that the verdict tells already.
fn printed_besides<'a>(output: &'a str, verdict: &Verdict) -> Vec<&'a str> {
    let told: Vec<&str> = match verdict {
        Verdict::Panicked { message, .. } => message.lines().collect(),
        _ => Vec::new(),
    };
    // Where all is well, whatever panicked was meant to.
    let is_passed = *verdict == Verdict::Passed;
    let is_news = |line: &&str| {
        let is_head = line.starts_with("thread '") && line.contains(" panicked at ");
        let is_note = line.starts_with("note: run with `RUST_BACKTRACE=1`");
        let is_meant = is_passed && line.starts_with("panicked at ");
        !is_note && !is_meant && (told.is_empty() || !(is_head || told.contains(line)))
    };
    output.lines().filter(is_news).collect()
}
