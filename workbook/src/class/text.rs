//! What came of a class, for people: a sign a task, and below it what the class should hear about.

use async_workbook::timeline::{Charset, Style};
use unicode_width::UnicodeWidthStr as _;

use super::{ClassResult, Done, LearnerResult};
use crate::{
    grade::State,
    text::{Line, Span, Text, bad, good, plain, quiet, strong},
};

/// What came of a learner, as soon as it is known; `done` of `all` are graded with this one.
#[must_use]
pub fn learner_line(
    class: &ClassResult,
    learner: &Done,
    done: usize,
    all: usize,
    style: &Style,
) -> Line {
    let columns = all.to_string().len();
    let earned = class.earned(&learner.result);
    let mut spans = vec![
        quiet(format!("{done:columns$}/{all} ")),
        strong(&learner.result.name),
        plain(format!("  {earned} of {} points ", class.possible())),
    ];
    for chapter in &class.chapters {
        spans.push(plain(format!(" {} ", chapter.number())));
        spans.extend(signs(class, &learner.result, &chapter.slug, style.charset));
    }
    if learner.was_known {
        spans.push(quiet("  already graded"));
    }
    Line::from(spans)
}

/// All that is said at the end.
#[must_use]
pub fn class_text(class: &ClassResult, style: &Style) -> Text {
    let mut text = table(class, style);
    text.gap();
    text.add(passed(class));
    let mistakes = class.mistakes();
    if !mistakes.is_empty() {
        text.gap();
        text.line(vec![strong("Most common mistakes")]);
        for mistake in mistakes {
            let of = format!("  {:>3} of {}  ", mistake.learners, class.learners.len());
            let words = format!("{} ({})", mistake.title(), mistake.section);
            text.add(Text::under(plain(of), words.as_str()));
        }
    }
    let causes = class.not_graded();
    if !causes.is_empty() {
        text.gap();
        text.line(vec![strong("Not graded")]);
        for cause in causes {
            let whose = format!("  {}, {}: ", cause.learner, cause.chapter);
            text.add(Text::under(plain(whose), cause.why));
        }
    }
    text
}

/// A row a learner, a column a chapter, and in it a sign a task.
fn table(class: &ClassResult, style: &Style) -> Text {
    let names = class.learners.iter().map(|learner| learner.name.width());
    let name = names.max().unwrap_or(0).max("learner".len());
    let points = format!("{0}/{0}", class.possible())
        .len()
        .max("points".len());
    let widths = class
        .chapters
        .iter()
        .map(|chapter| chapter.tasks.len().max(2));
    let widths: Vec<usize> = widths.collect();
    let mut head = format!("{:name$}  {:>points$}", "learner", "points");
    for (chapter, width) in std::iter::zip(&class.chapters, &widths) {
        head += &format!("  {:width$}", chapter.number());
    }
    let mut text = Text::from(strong(head.trim_end()));
    for learner in &class.learners {
        let pad = " ".repeat(name - learner.name.width());
        let earned = format!("{}/{}", class.earned(learner), class.possible());
        let mut spans = vec![
            plain(&learner.name),
            plain(format!("{pad}  {earned:>points$}")),
        ];
        for (chapter, width) in std::iter::zip(&class.chapters, &widths) {
            spans.push(plain("  "));
            spans.extend(signs(class, learner, &chapter.slug, style.charset));
            spans.push(plain(" ".repeat(width - chapter.tasks.len())));
        }
        text.line(spans);
    }
    text
}

/// How many passed each task.
fn passed(class: &ClassResult) -> Text {
    let mut text = Text::default();
    text.line(vec![strong(format!(
        "Learners who passed, out of {}",
        class.learners.len()
    ))]);
    for chapter in &class.chapters {
        let tasks = chapter.tasks.iter();
        let tasks = tasks.map(|task| {
            let passed = class.passed(&chapter.slug, &task.name);
            format!("{} {passed}", task.name)
        });
        let tasks = tasks.collect::<Vec<_>>().join(", ");
        let lead = format!("  {} {}: ", chapter.number(), chapter.title);
        text.add(Text::under(plain(lead), tasks.as_str()));
    }
    text
}

/// A sign for each task of a chapter.
fn signs<'a>(
    class: &'a ClassResult,
    learner: &'a LearnerResult,
    slug: &'a str,
    charset: Charset,
) -> impl Iterator<Item = Span> + 'a {
    let tasks = class.tasks(learner);
    let own = tasks.filter(move |(chapter, ..)| chapter.slug == slug);
    own.map(move |(.., task)| sign(task.state, charset))
}

fn sign(state: State, charset: Charset) -> Span {
    match (state, charset) {
        (State::Passed, Charset::Unicode) => good("✓"),
        (State::Passed, Charset::Ascii) => good("+"),
        (State::Wrong, Charset::Unicode) => bad("✗"),
        (State::Wrong, Charset::Ascii) => bad("x"),
        (State::NotStarted, Charset::Unicode) => quiet("·"),
        (State::NotStarted, Charset::Ascii) => quiet("-"),
        (State::NotGraded, _) => quiet("?"),
    }
}
