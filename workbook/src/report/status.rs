//! How far a chapter is, as text.

use async_workbook::timeline::{Charset, Style};
use unicode_width::UnicodeWidthStr as _;

use crate::{
    course::Chapter,
    progress::Status,
    text::{Span, Text, bad, good, plain, quiet, strong},
};

/// The first line of the workbook.
#[must_use]
pub fn welcome() -> Text {
    Text::from([
        strong("async-workbook"),
        plain(": async Rust, by watching what runs"),
    ])
}

/// A chapter in a line, its title and how far it is, and its idea below.
#[must_use]
pub fn chapter_line(chapter: &Chapter, statuses: &[Status], style: &Style) -> Text {
    let state = state_span(statuses);
    let left = format!("  {} {}", chapter.number(), chapter.title);
    let right = state.text().width() + 2 + statuses.len();
    let gap = style.width.saturating_sub(left.width() + right).max(2);
    let mut line = vec![strong(left), plain(" ".repeat(gap))];
    line.extend(signs(statuses, style.charset));
    line.extend([plain("  "), state]);
    let mut text = Text::from(line);
    text.add(Text::under(plain("     "), chapter.idea.as_str()));
    text
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

/// The same, as it is shown.
#[must_use]
pub fn state_span(statuses: &[Status]) -> Span {
    if statuses.iter().all(|status| *status == Status::Passed) {
        good(state_text(statuses))
    } else {
        quiet(state_text(statuses))
    }
}

/// One character for where a task stands.
#[must_use]
pub fn status_sign(status: Status, charset: Charset) -> Span {
    let is_unicode = charset == Charset::Unicode;
    match status {
        Status::Passed => good(if is_unicode { "✓" } else { "+" }),
        Status::Wrong | Status::Broken => bad(if is_unicode { "✗" } else { "x" }),
        Status::NotStarted | Status::Unknown => quiet(if is_unicode { "·" } else { "-" }),
        // Nothing is known of the file as it is.
        Status::Changed | Status::NotGraded => quiet("?"),
    }
}

/// One character a task.
pub fn signs(statuses: &[Status], charset: Charset) -> impl Iterator<Item = Span> {
    let statuses = statuses.iter();
    statuses.map(move |status| status_sign(*status, charset))
}

#[cfg(test)]
mod tests {
    use super::*;

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
