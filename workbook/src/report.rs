//! Verdicts and chapters as lines for the terminal.
//!
//! Everything here is text with colours in it; [`anstream`] takes them out where they are not wanted
//! (no terminal, `NO_COLOR`).

pub mod json;
pub mod junit;
mod question;

use std::{fmt::Write as _, path::PathBuf};

use anstyle::{AnsiColor, Style as Paint};
use async_workbook::{
    timeline::{Charset, Style, Timeline},
    verdict::{Verdict, escape_control},
};
pub(crate) use question::wrapped;
pub use question::{
    answered_text, asked_text, hints_text, prediction_text, question_text, score_text,
};
use textwrap::Options;
use unicode_width::UnicodeWidthStr as _;

use crate::{
    course::{Causes, Chapter, Course},
    grade::{Grade, Graded, Outcome},
    progress::Status,
};

pub(crate) const GOOD: Paint = AnsiColor::Green.on_default();
pub(crate) const BAD: Paint = AnsiColor::Red.on_default();
pub(crate) const QUIET: Paint = Paint::new().dimmed();
pub(crate) const STRONG: Paint = Paint::new().bold();

/// How a report looks.
#[derive(Clone, Debug)]
pub struct Look {
    /// Width and characters.
    pub style: Style,
    /// The chapter that is graded, if it is known: its page explains the misconceptions.
    pub chapter: Option<Chapter>,
    /// The folder of the workbook, if file names are to be links into it.
    pub links: Option<PathBuf>,
}

impl Look {
    /// As wide as the terminal, and in the characters that it can show.
    #[must_use]
    pub fn detect() -> Self {
        Self {
            style: Style::detect(),
            chapter: None,
            links: None,
        }
    }

    /// The same for every reader: 80 columns, Unicode.
    #[must_use]
    pub fn plain() -> Self {
        Self {
            style: Style::unicode(80),
            chapter: None,
            links: None,
        }
    }

    /// As [`detect`](Self::detect), with links into this course where the terminal is known for them.
    #[must_use]
    pub fn of_terminal(course: &Course) -> Self {
        let links = supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout);
        Self {
            links: links.then(|| course.root().to_owned()),
            ..Self::detect()
        }
    }

    /// The same, for this chapter.
    #[must_use]
    pub fn of_chapter(&self, chapter: &Chapter) -> Self {
        Self {
            chapter: Some(chapter.clone()),
            ..self.clone()
        }
    }

    /// Whether more than ASCII can be shown.
    #[must_use]
    pub fn is_unicode(&self) -> bool {
        self.style.charset == Charset::Unicode
    }

    const fn sign(&self, verdict: &Verdict) -> (&'static str, Paint) {
        match (verdict, self.style.charset) {
            (Verdict::Passed, Charset::Unicode) => ("✓", GOOD),
            (Verdict::Passed, Charset::Ascii) => ("+", GOOD),
            (Verdict::NotStarted { .. }, Charset::Unicode) => ("·", QUIET),
            (Verdict::NotStarted { .. }, Charset::Ascii) => ("-", QUIET),
            (_, Charset::Unicode) => ("✗", BAD),
            (_, Charset::Ascii) => ("x", BAD),
        }
    }
}

/// A graded chapter: a heading, a line a task, and under it what is to be said of the task.
#[must_use]
pub fn graded_text(chapter: &Chapter, graded: &Graded, look: &Look) -> String {
    let look = &look.of_chapter(chapter);
    let file = graded.file.display().to_string().replace('\\', "/");
    let mut text = heading(chapter, &file, look);
    let names = chapter.tasks.iter().map(|task| task.name.width());
    let columns = names.max().unwrap_or(0);
    match &graded.outcome {
        Outcome::File(verdict) => {
            // One file, one cause: it is told once, and the tasks are only listed.
            for task in &chapter.tasks {
                text += &task_line(&task.name, columns, verdict, "not graded", look);
            }
            let body = format!("{file}: {}\n{}", headline(verdict), details(verdict, look));
            text += &indent(&body, "  ");
        }
        Outcome::Tasks(grades) => {
            for grade in grades {
                let said = headline(&grade.verdict);
                text += &task_line(&grade.task, columns, &grade.verdict, &said, look);
                text += &indent(&below_task(grade, look), "      ");
            }
        }
    }
    text
}

/// What is said below the line of a task.
fn below_task(grade: &Grade, look: &Look) -> String {
    let mut body = details(&grade.verdict, look);
    let says_all = matches!(grade.verdict, Verdict::Passed | Verdict::NotStarted { .. });
    let said = printed_besides(&grade.printed, &grade.verdict);
    if !said.is_empty() && !says_all {
        body.push_str(&printed(&said));
    }
    body
}

fn heading(chapter: &Chapter, right: &str, look: &Look) -> String {
    let left = format!("{} {}", chapter.number(), chapter.title);
    let gap = look
        .style
        .width
        .saturating_sub(left.width() + right.width())
        .max(2);
    format!(
        "{STRONG}{left}{STRONG:#}{:gap$}{QUIET}{}{QUIET:#}\n",
        "",
        linked(right, look)
    )
}

/// The name of a file, from the root of the workbook, as something to click on (OSC 8).
fn linked(file: &str, look: &Look) -> String {
    let Some(root) = &look.links else {
        return file.to_owned();
    };
    let path = root.join(file).display().to_string().replace('\\', "/");
    let url = path.bytes().fold(String::new(), |mut url, byte| {
        if byte.is_ascii_alphanumeric() || b"/:-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url += &format!("%{byte:02X}");
        }
        url
    });
    let slash = if url.starts_with('/') { "" } else { "/" };
    format!("\u{1b}]8;;file://{slash}{url}\u{1b}\\{file}\u{1b}]8;;\u{1b}\\")
}

/// A chapter that was not graded since the start: its tasks, where they stood, and what they are.
#[must_use]
pub fn ungraded_text(chapter: &Chapter, statuses: &[Status], look: &Look) -> String {
    let file = chapter.stub().display().to_string().replace('\\', "/");
    let mut text = heading(chapter, &file, look);
    for (task, status) in std::iter::zip(&chapter.tasks, statuses) {
        let goal = wrapped(&format!("{}: {}", task.name, task.goal), "    ", look);
        let goal = goal.trim();
        let changed = if *status == Status::Changed {
            " (changed since it was graded)"
        } else {
            ""
        };
        text += &format!("  {} {goal}{changed}\n", status_sign(*status, look));
    }
    text
}

fn task_line(name: &str, columns: usize, verdict: &Verdict, said: &str, look: &Look) -> String {
    let (sign, paint) = look.sign(verdict);
    // `  ✓ `, the task, and two spaces stand before what is said.
    let hanging = " ".repeat(4 + columns + 2);
    let options = Options::new(look.style.width)
        .initial_indent(&hanging)
        .subsequent_indent(&hanging);
    let said = textwrap::fill(said, options);
    format!(
        "  {paint}{sign}{paint:#} {name:columns$}  {paint}{}{paint:#}\n",
        said.trim_start()
    )
}

/// What is said in the line of the task.
fn headline(verdict: &Verdict) -> String {
    escape_control(&verdict.headline())
}

/// What is said below it.
fn details(verdict: &Verdict, look: &Look) -> String {
    let mut details = Details::new(look);
    if let Verdict::DoesNotCompile { error, .. } = verdict {
        details.text = format!("{}\n", error.trim_end());
    }
    let details = verdict.points().iter().fold(details, |details, point| {
        details.point(point.name, &point.words)
    });
    // What the chapter knows besides.
    let details = match verdict {
        Verdict::Unreadable { .. } => details.point(
            "Try next",
            &format!(
                "bring it back from your editor's history, or begin anew: `cargo run -- reset {}`",
                number(look)
            ),
        ),
        Verdict::HiddenTestsMissing => details
            .point(
                "Try next",
                &format!(
                    "end {} with these lines, and name no module of your own `hidden`:",
                    stub(look)
                ),
            )
            .verbatim(&format!(
                "#[cfg(test)]\n#[path = \"hidden/{}.rs\"]\nmod hidden;",
                slug(look)
            )),
        Verdict::Stuck { .. } => details.causes(|causes| &causes.stuck),
        Verdict::NeverReturned { .. } => details.causes(|causes| &causes.never_returned),
        _ => details,
    };
    let details = match verdict.timeline() {
        Some(timeline) => details.timeline(timeline),
        None => details,
    };
    let details = match verdict.drawing() {
        Some(drawing) => details.drawing(&escape_control(drawing)),
        None => details,
    };
    match (verdict, &look.chapter) {
        (Verdict::Wrong { fault, .. }, Some(chapter)) => {
            details.point("Read", &chapter.section(fault))
        }
        _ => details,
    }
    .text
}

/// The stub of the look's chapter.
fn stub(look: &Look) -> String {
    format!("exercises/{}.rs", slug(look))
}

fn number(look: &Look) -> &str {
    look.chapter.as_ref().map_or("NN", Chapter::number)
}

fn slug(look: &Look) -> &str {
    look.chapter
        .as_ref()
        .map_or("NN_slug", |chapter| chapter.slug.as_str())
}

/// Points under a headline, in two columns.
struct Details<'a> {
    look: &'a Look,
    text: String,
}

impl<'a> Details<'a> {
    const COLUMN: usize = 15;

    fn new(look: &'a Look) -> Self {
        Self {
            look,
            text: String::new(),
        }
    }

    fn point(self, name: &str, words: &str) -> Self {
        self.hanging(name, words, "")
    }

    /// One of several under the same name.
    fn item(self, name: &str, words: &str) -> Self {
        self.hanging(name, words, "- ")
    }

    fn hanging(mut self, name: &str, words: &str, mark: &str) -> Self {
        if words.is_empty() {
            return self;
        }
        let words = escape_control(words);
        let first = format!("{:width$}{mark}", "", width = Self::COLUMN);
        let hanging = " ".repeat(first.len());
        let options = Options::new(self.look.style.width.saturating_sub(6).max(40))
            .initial_indent(&first)
            .subsequent_indent(&hanging)
            .break_words(false);
        let wrapped = textwrap::fill(&words, options);
        writeln!(
            self.text,
            "{QUIET}{name:width$}{QUIET:#}{}",
            wrapped.trim_start(),
            width = Self::COLUMN
        )
        .expect("a String takes every write");
        self
    }

    /// Why this chapter's answers never end, the likeliest cause first.
    fn causes(self, choose: impl FnOnce(&Causes) -> &[String]) -> Self {
        let look = self.look;
        let Some(chapter) = &look.chapter else {
            return self;
        };
        let first = std::iter::once("Likely causes").chain(std::iter::repeat(""));
        std::iter::zip(first, choose(&chapter.causes))
            .fold(self, |details, (name, cause)| details.item(name, cause))
    }

    fn verbatim(mut self, lines: &str) -> Self {
        self.text
            .push_str(&indent(lines, &" ".repeat(Self::COLUMN)));
        self
    }

    fn timeline(self, timeline: &Timeline) -> Self {
        if timeline.rows.is_empty() {
            return self;
        }
        let style = Style {
            width: self.look.style.width.saturating_sub(6),
            ..self.look.style.clone()
        };
        self.drawing(&timeline.text(&style))
    }

    fn drawing(mut self, lines: &str) -> Self {
        write!(self.text, "\n{lines}\n").expect("a String takes every write");
        self
    }
}

/// What was printed, without the panic message that the verdict tells already.
fn printed_besides(output: &str, verdict: &Verdict) -> String {
    let told: Vec<&str> = match verdict {
        Verdict::Panicked { message, .. } => message.lines().collect(),
        _ => Vec::new(),
    };
    let is_news = |line: &&str| {
        let is_head = line.starts_with("thread '") && line.contains(" panicked at ");
        let is_note = line.starts_with("note: run with `RUST_BACKTRACE=1`");
        !is_note && (told.is_empty() || !(is_head || told.contains(line)))
    };
    let lines: Vec<&str> = output.lines().filter(is_news).collect();
    let text = lines.join("\n");
    if text.trim().is_empty() {
        return String::new();
    }
    text
}

/// The last lines that the code under study printed.
fn printed(output: &str) -> String {
    const LINES: usize = 20;
    let lines: Vec<_> = output.lines().collect();
    let cut = lines.len().saturating_sub(LINES);
    let mut text = if cut > 0 {
        format!("{QUIET}The last that your code printed:{QUIET:#}\n")
    } else {
        format!("{QUIET}Your code printed:{QUIET:#}\n")
    };
    for line in &lines[cut..] {
        let line: String = escape_control(line).chars().take(400).collect();
        text.push_str(&format!("  {line}\n"));
    }
    text
}

fn indent(text: &str, by: &str) -> String {
    text.lines().fold(String::new(), |mut indented, line| {
        if !line.is_empty() {
            indented.push_str(by);
            indented.push_str(line);
        }
        indented.push('\n');
        indented
    })
}

/// The first lines of the workbook.
#[must_use]
pub fn welcome() -> String {
    format!("{STRONG}async-workbook{STRONG:#}: async Rust, by watching what runs\n")
}

/// A chapter in a line, its title and how far it is, and its idea below.
#[must_use]
pub fn chapter_line(chapter: &Chapter, statuses: &[Status], look: &Look) -> String {
    let passed = statuses.iter().all(|status| *status == Status::Passed);
    let paint = if passed { GOOD } else { QUIET };
    let state = state_text(statuses);
    let signs: String = statuses
        .iter()
        .map(|status| status_sign(*status, look))
        .collect();
    let right = state.width() + 2 + statuses.len();
    let left = format!("  {} {}", chapter.number(), chapter.title);
    let gap = look.style.width.saturating_sub(left.width() + right).max(2);
    let idea = textwrap::fill(
        &chapter.idea,
        Options::new(look.style.width.saturating_sub(10).max(40))
            .initial_indent("     ")
            .subsequent_indent("     "),
    );
    format!(
        "{STRONG}{left}{STRONG:#}{:gap$}{signs}  {paint}{state}{paint:#}\n{idea}",
        ""
    )
}

/// How far a chapter is, in a few words.
#[must_use]
pub fn state_text(statuses: &[Status]) -> String {
    let count = |wanted| statuses.iter().filter(|status| **status == wanted).count();
    let tasks = statuses.len();
    if count(Status::Unknown) == tasks {
        "not graded yet".to_owned()
    } else if count(Status::Changed) == tasks {
        "changed since it was graded".to_owned()
    } else if count(Status::NotGraded) == tasks {
        "cannot be graded".to_owned()
    } else if count(Status::NotStarted) == tasks {
        "not started".to_owned()
    } else {
        let broken = match count(Status::Broken) {
            0 => String::new(),
            broken => format!(", {broken} broken"),
        };
        format!("{} of {tasks} passed{broken}", count(Status::Passed))
    }
}

/// One character for where a task stands.
pub(crate) fn status_sign(status: Status, look: &Look) -> String {
    let unicode = look.style.charset == Charset::Unicode;
    let (paint, sign) = match (status, unicode) {
        (Status::Passed, true) => (GOOD, "✓"),
        (Status::Passed, false) => (GOOD, "+"),
        (Status::Wrong | Status::Broken | Status::NotGraded, true) => (BAD, "✗"),
        (Status::Wrong | Status::Broken | Status::NotGraded, false) => (BAD, "x"),
        (Status::NotStarted | Status::Unknown, true) => (QUIET, "·"),
        (Status::NotStarted | Status::Unknown, false) => (QUIET, "-"),
        (Status::Changed, _) => (QUIET, "?"),
    };
    format!("{paint}{sign}{paint:#}")
}

/// Whether colours are wanted where this program prints its reports.
#[must_use]
pub fn colour_wanted() -> bool {
    anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_a_link_where_it_can_be_clicked() {
        let mut look = Look::plain();
        let file = "exercises/03_gather.rs";
        assert_eq!(linked(file, &look), file);
        look.links = Some("/home/a b".into());
        assert_eq!(
            linked(file, &look),
            "\u{1b}]8;;file:///home/a%20b/exercises/03_gather.rs\u{1b}\\exercises/03_gather.rs\u{1b}]8;;\u{1b}\\"
        );
    }

    #[test]
    fn how_far_a_chapter_is_is_said_in_a_few_words() {
        use Status::{Broken, Changed, NotGraded, NotStarted, Passed, Unknown, Wrong};
        let said: Vec<_> = [
            [Unknown, Unknown],
            [NotStarted, NotStarted],
            [Changed, Changed],
            [NotGraded, NotGraded],
            [Passed, Wrong],
            [Passed, Broken],
            [Passed, Passed],
        ]
        .iter()
        .map(|statuses| state_text(statuses))
        .collect();
        assert_eq!(
            said,
            [
                "not graded yet",
                "not started",
                "changed since it was graded",
                "cannot be graded",
                "1 of 2 passed",
                "1 of 2 passed, 1 broken",
                "2 of 2 passed"
            ]
        );
    }
}
