//! What came of a class as one page, which loads nothing else.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::{ClassResult, csv::state_name};
use crate::grade::State;

const STYLE: &str = "\
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border: 1px solid #8888; padding: .2rem .5rem; text-align: center; }
th[scope=row], .text { text-align: left; white-space: nowrap; }
.task { writing-mode: vertical-rl; font-weight: normal; }
.passed { background: #2a92; }
.wrong { background: #d432; }
.not_started, .not_graded { opacity: .7; }
";

/// The page.
#[must_use]
pub fn document(class: &ClassResult) -> String {
    let mut page = String::new();
    write(class, &mut page).expect("a String takes every write");
    page
}

fn write(class: &ClassResult, page: &mut String) -> std::fmt::Result {
    writeln!(
        page,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Class results</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <h1>Class results</h1>"
    )?;
    table(class, page)?;
    mistakes(class, page)?;
    not_graded(class, page)?;
    page.write_str("</body>\n</html>\n")
}

fn table(class: &ClassResult, page: &mut String) -> std::fmt::Result {
    page.write_str("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Learners and tasks\">\n<table>\n<thead>\n<tr><th rowspan=\"2\" scope=\"col\">Learner</th><th rowspan=\"2\" scope=\"col\">Points</th>")?;
    for chapter in &class.chapters {
        write!(
            page,
            "<th colspan=\"{}\" scope=\"colgroup\">{} {}</th>",
            chapter.tasks.len(),
            escape(chapter.number()),
            escape(chapter.title.as_str())
        )?;
    }
    page.write_str("</tr>\n<tr>")?;
    let tasks = class.chapters.iter().flat_map(|chapter| &chapter.tasks);
    for task in tasks {
        let name = escape(task.name.as_str());
        write!(page, "<th class=\"task\" scope=\"col\">{name}</th>")?;
    }
    page.write_str("</tr>\n</thead>\n<tbody>\n")?;
    for learner in &class.learners {
        let name = escape(learner.name.as_str());
        let (earned, possible) = (class.earned(learner), class.possible());
        write!(
            page,
            "<tr><th scope=\"row\">{name}</th><td>{earned} of {possible}</td>"
        )?;
        for (.., task) in class.tasks(learner) {
            let (class, words) = (state_name(task.state), words(task.state));
            let title = task.misconception.as_deref();
            let title = title.map_or_else(|| words.to_owned(), crate::misconceptions::title);
            write!(
                page,
                "<td class=\"{class}\" title=\"{}\"><span role=\"img\" aria-label=\"{}\">{}</span></td>",
                escape(title.as_str()),
                escape(title.as_str()),
                sign(task.state)
            )?;
        }
        page.write_str("</tr>\n")?;
    }
    page.write_str("</tbody>\n<tfoot>\n<tr><th scope=\"row\">Passed by</th><td></td>")?;
    for chapter in &class.chapters {
        for task in &chapter.tasks {
            let passed = class.passed(&chapter.slug, &task.name);
            write!(page, "<td>{passed}</td>")?;
        }
    }
    page.write_str("</tr>\n</tfoot>\n</table>\n</div>\n<p>✓ passed, ✗ wrong, · not started, ? not graded</p>\n")
}

fn mistakes(class: &ClassResult, page: &mut String) -> std::fmt::Result {
    let mistakes = class.mistakes();
    if mistakes.is_empty() {
        return Ok(());
    }
    page.write_str("<h2>Most common mistakes</h2>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Mistakes\">\n<table>\n<thead><tr><th scope=\"col\">Learners</th><th scope=\"col\">Mistake</th><th scope=\"col\">Section</th></tr></thead>\n<tbody>\n")?;
    for mistake in mistakes {
        writeln!(
            page,
            "<tr><td>{} of {}</td><th scope=\"row\">{}</th><td class=\"text\"><code>{}</code></td></tr>",
            mistake.learners,
            class.learners.len(),
            escape(mistake.title().as_str()),
            escape(mistake.section)
        )?;
    }
    page.write_str("</tbody>\n</table>\n</div>\n")
}

fn not_graded(class: &ClassResult, page: &mut String) -> std::fmt::Result {
    let causes = class.not_graded();
    if causes.is_empty() {
        return Ok(());
    }
    page.write_str("<h2>Not graded</h2>\n<ul>\n")?;
    for cause in causes {
        writeln!(
            page,
            "<li>{}, {}: {}</li>",
            escape(cause.learner),
            escape(cause.chapter),
            escape(cause.why)
        )?;
    }
    page.write_str("</ul>\n")
}

fn sign(state: State) -> char {
    match state {
        State::Passed => '✓',
        State::Wrong => '✗',
        State::NotStarted => '·',
        State::NotGraded => '?',
    }
}

fn words(state: State) -> &'static str {
    match state {
        State::Passed => "passed",
        State::Wrong => "wrong",
        State::NotStarted => "not started",
        State::NotGraded => "not graded",
    }
}
