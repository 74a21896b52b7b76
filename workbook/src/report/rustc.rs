//! Verdicts as the compiler's diagnostics, one JSON object a line, for editors.
//!
//! The shape is that of rustc's `--error-format=json`, which cargo passes on inside of its own messages. Editors take
//! both. A verdict has the columns of the function that its task names, or the line that panicked or waits to be
//! written.

use async_workbook::verdict::{Below, Verdict, escape_control};
use serde::Serialize;

use super::{
    json::kind_name,
    model::{ChapterReport, Found, VerdictReport},
};
use crate::grade::{Span, State};

/// A diagnostic.
#[derive(Clone, Debug, Serialize)]
struct Diagnostic<'a> {
    /// What is wrong.
    message: String,
    /// Which kind it is; none of a message that only adds to another.
    code: Option<Code>,
    level: Level,
    spans: Vec<DiagnosticSpan<'a>>,
    /// What else there is to say.
    children: Vec<Diagnostic<'a>>,
    /// All of it, as text; none of a message that only adds to another.
    rendered: Option<String>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    Error,
    /// Editors show it as information.
    Note,
    Help,
}

#[derive(Clone, Debug, Serialize)]
struct Code {
    code: String,
    explanation: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct DiagnosticSpan<'a> {
    /// From the root of the workspace.
    file_name: &'a str,
    byte_start: usize,
    byte_end: usize,
    line_start: u32,
    line_end: u32,
    column_start: usize,
    column_end: usize,
    is_primary: bool,
    text: Vec<SpanText>,
    label: Option<String>,
    suggested_replacement: Option<String>,
    suggestion_applicability: Option<String>,
    expansion: Option<()>,
}

#[derive(Clone, Debug, Serialize)]
struct SpanText {
    text: String,
    highlight_start: usize,
    highlight_end: usize,
}

/// What was found in a chapter, a line for each task that isn't passed. What the compiler says itself is left to it.
#[must_use]
pub fn lines(report: &ChapterReport) -> Vec<String> {
    let mut diagnostics = Vec::new();
    match &report.found {
        Found::File(verdict) => {
            let is_said_by_compiler = matches!(
                verdict.verdict,
                Verdict::DoesNotCompile {
                    in_hidden_tests: false,
                    ..
                }
            );
            if !is_said_by_compiler {
                let subject = &report.chapter.slug;
                diagnostics.push(Diagnostic::new(
                    report,
                    subject,
                    verdict,
                    report.last_line(),
                ));
            }
        }
        Found::Tasks(tasks) => {
            let open = tasks
                .iter()
                .filter(|task| task.verdict.state != State::Passed);
            diagnostics.extend(open.map(|task| {
                let span = report.span(&task.name, &task.verdict.verdict);
                Diagnostic::new(report, &task.name, &task.verdict, span)
            }));
        }
    }
    let line = |diagnostic| serde_json::to_string(diagnostic).expect("write JSON to memory");
    diagnostics.iter().map(line).collect()
}

impl<'a> Diagnostic<'a> {
    fn new(
        report: &'a ChapterReport,
        subject: &str,
        verdict: &VerdictReport,
        at: Option<(&'a str, Span)>,
    ) -> Self {
        let code = format!("workbook::{}", code(&verdict.verdict));
        let level = match verdict.state {
            State::NotStarted => Level::Note,
            _ => Level::Error,
        };
        let mut message = format!("`{subject}`: {}", verdict.headline());
        let mut children = Vec::new();
        for below in &verdict.words.below {
            match below {
                Below::Point("What happened", text) => {
                    message += &format!("\n{}", escape_control(text))
                }
                Below::Point(name, text) => {
                    let level = match *name {
                        "Try next" => Level::Help,
                        _ => Level::Note,
                    };
                    children.push(Self::child(
                        level,
                        format!("{name}: {}", escape_control(text)),
                    ));
                }
                Below::List(name, items) => {
                    let text = format!("{name}: {}", items.join("; "));
                    children.push(Self::child(Level::Help, escape_control(&text)));
                }
                Below::Code(code) => children.push(Self::child(Level::Help, escape_control(code))),
                Below::Compiler(_) | Below::Timeline(_) | Below::Drawing(_) => {}
            }
        }
        let rendered = rendered(report, &message, &code, level, verdict, at.as_ref());
        let (file, span) = at.map_or((report.file.as_str(), None), |(file, span)| {
            (file, Some(span))
        });
        Self {
            message,
            code: Some(Code {
                code,
                explanation: None,
            }),
            level,
            spans: vec![DiagnosticSpan::new(file, span)],
            children,
            rendered: Some(rendered),
        }
    }

    fn child(level: Level, message: String) -> Self {
        Self {
            message,
            code: None,
            level,
            spans: Vec::new(),
            children: Vec::new(),
            rendered: None,
        }
    }
}

/// The diagnostic as text, in the form of the compiler's own, and with what ran when.
fn rendered(
    report: &ChapterReport,
    message: &str,
    code: &str,
    level: Level,
    verdict: &VerdictReport,
    at: Option<&(&str, Span)>,
) -> String {
    let level = match level {
        Level::Error => "error",
        Level::Note => "note",
        Level::Help => "help",
    };
    let headline = message.lines().next().unwrap_or_default();
    let (file, line, column) = at.map_or((report.file.as_str(), 1, 1), |(file, span)| {
        (*file, span.line, span.columns.start)
    });
    let text = format!(
        "{level}[{code}]: {headline}\n  --> {file}:{line}:{column}\n\n{}",
        verdict.details()
    );
    text.trim_end().to_owned() + "\n"
}

/// The last part of a diagnostic's code.
fn code(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Wrong { fault, .. } => fault.misconception.clone(),
        verdict => kind_name(verdict),
    }
}

impl<'a> DiagnosticSpan<'a> {
    /// Without a span, it is the beginning of the file.
    fn new(file_name: &'a str, span: Option<Span>) -> Self {
        let span = span.unwrap_or(Span {
            line: 1,
            columns: 1..1,
            bytes: 0..0,
            text: String::new(),
        });
        Self {
            file_name,
            byte_start: span.bytes.start,
            byte_end: span.bytes.end,
            line_start: span.line,
            line_end: span.line,
            column_start: span.columns.start,
            column_end: span.columns.end,
            is_primary: true,
            text: vec![SpanText {
                text: span.text,
                highlight_start: span.columns.start,
                highlight_end: span.columns.end,
            }],
            label: None,
            suggested_replacement: None,
            suggestion_applicability: None,
            expansion: None,
        }
    }
}
